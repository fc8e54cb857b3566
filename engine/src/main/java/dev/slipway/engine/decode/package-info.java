/** From requests to events: scheduling, sampling, stop strings. */
@NullMarked
package dev.slipway.engine.decode;

import org.jspecify.annotations.NullMarked;
