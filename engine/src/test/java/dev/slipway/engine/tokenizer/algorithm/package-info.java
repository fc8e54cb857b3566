@NullMarked
package dev.slipway.engine.tokenizer.algorithm;

import org.jspecify.annotations.NullMarked;
