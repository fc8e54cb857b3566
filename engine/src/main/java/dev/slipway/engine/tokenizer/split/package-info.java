/** How a text is cut into words before it is encoded. */
@NullMarked
package dev.slipway.engine.tokenizer.split;

import org.jspecify.annotations.NullMarked;
