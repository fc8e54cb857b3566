@NullMarked
package dev.slipway.engine.tokenizer.split;

import org.jspecify.annotations.NullMarked;
