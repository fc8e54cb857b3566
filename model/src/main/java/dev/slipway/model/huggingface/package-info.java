/** Models as Hugging Face's libraries store them, told in the words of GGUF. */
@NullMarked
package dev.slipway.model.huggingface;

import org.jspecify.annotations.NullMarked;
