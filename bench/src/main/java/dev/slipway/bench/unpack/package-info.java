/** Two large images made to measure, and a driver that times their unpacking beside other programs. */
@NullMarked
package dev.slipway.bench.unpack;

import org.jspecify.annotations.NullMarked;
