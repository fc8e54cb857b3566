/** Models from the Hugging Face Hub, kept in the cache that its own tools use. */
@NullMarked
package dev.slipway.model.hub;

import org.jspecify.annotations.NullMarked;
