/** Regular expressions as tokenizers use them to cut a text, matched in linear time. */
@NullMarked
package dev.slipway.engine.tokenizer.pattern;

import org.jspecify.annotations.NullMarked;
