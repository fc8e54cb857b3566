/** Benchmarks of what has to be fast. */
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
