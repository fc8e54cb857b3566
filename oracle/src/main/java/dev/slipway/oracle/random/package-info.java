/** Models of random weights: real geometries for benchmarks, tiny ones for tests. */
@NullMarked
package dev.slipway.oracle.random;

import org.jspecify.annotations.NullMarked;
