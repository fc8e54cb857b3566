/** Layers: decompressing, indexing and flattening them. */
@NullMarked
package dev.slipway.oci.layer;

import org.jspecify.annotations.NullMarked;
