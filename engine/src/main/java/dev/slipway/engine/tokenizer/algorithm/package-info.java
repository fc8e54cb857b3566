/** How words become tokens: byte pair encoding, unigrams, word pieces. */
@NullMarked
package dev.slipway.engine.tokenizer.algorithm;

import org.jspecify.annotations.NullMarked;
