/** Texts → vectors: framing, length, pooling, comparison; knows no model. */
@NullMarked
package dev.slipway.engine.embedding;

import org.jspecify.annotations.NullMarked;
