/** The safetensors file format. */
@NullMarked
package dev.slipway.model.safetensors;

import org.jspecify.annotations.NullMarked;
