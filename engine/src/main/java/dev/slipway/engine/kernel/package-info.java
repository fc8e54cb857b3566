/** Arithmetic on stored weights: one interface, a plain provider to be read and a fast one to be used. */
@NullMarked
package dev.slipway.engine.kernel;

import org.jspecify.annotations.NullMarked;
