/** Content stores: blobs by digest and references by name. */
@NullMarked
package dev.slipway.oci.content;

import org.jspecify.annotations.NullMarked;
