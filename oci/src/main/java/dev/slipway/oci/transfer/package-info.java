/** Moving images into a content store. */
@NullMarked
package dev.slipway.oci.transfer;

import org.jspecify.annotations.NullMarked;
