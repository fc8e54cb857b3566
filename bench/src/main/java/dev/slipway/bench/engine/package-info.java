/** The whole engine beside libllama, on models of random weights. */
@NullMarked
package dev.slipway.bench.engine;

import org.jspecify.annotations.NullMarked;
