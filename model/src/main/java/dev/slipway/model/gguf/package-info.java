/** The GGUF file format: reading and writing. */
@NullMarked
package dev.slipway.model.gguf;

import org.jspecify.annotations.NullMarked;
