@NullMarked
package dev.slipway.registry.access;

import org.jspecify.annotations.NullMarked;
