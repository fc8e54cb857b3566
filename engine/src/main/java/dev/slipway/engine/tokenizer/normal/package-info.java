/** How a text is rewritten before it is cut into words. */
@NullMarked
package dev.slipway.engine.tokenizer.normal;

import org.jspecify.annotations.NullMarked;
