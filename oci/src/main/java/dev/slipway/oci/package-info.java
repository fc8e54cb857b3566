/** Images: names, documents, content store, transfer, flattening, building. */
@NullMarked
package dev.slipway.oci;

import org.jspecify.annotations.NullMarked;
