@NullMarked
package dev.slipway.engine.tokenizer.pattern;

import org.jspecify.annotations.NullMarked;
