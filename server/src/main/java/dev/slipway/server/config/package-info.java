/** Reading configuration files. */
@NullMarked
package dev.slipway.server.config;

import org.jspecify.annotations.NullMarked;
