/** Reading single files of a remote image by ranges, without its layers being pulled. */
@NullMarked
package dev.slipway.oci.lazy;

import org.jspecify.annotations.NullMarked;
