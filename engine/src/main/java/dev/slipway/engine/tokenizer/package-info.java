/** Text to token ids and back, from a model file's own vocabulary. */
@NullMarked
package dev.slipway.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
