@NullMarked
package dev.slipway.engine.tokenizer.peer;

import org.jspecify.annotations.NullMarked;
