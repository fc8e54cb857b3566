/** Tokenizers, chat templates, tool calls, kernels, decoding. */
@NullMarked
package dev.slipway.engine;

import org.jspecify.annotations.NullMarked;
