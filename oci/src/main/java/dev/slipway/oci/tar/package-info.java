/** Reading and writing tar archives. */
@NullMarked
package dev.slipway.oci.tar;

import org.jspecify.annotations.NullMarked;
