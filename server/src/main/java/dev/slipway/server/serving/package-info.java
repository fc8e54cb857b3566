/** From a model's name to a running backend. */
@NullMarked
package dev.slipway.server.serving;

import org.jspecify.annotations.NullMarked;
