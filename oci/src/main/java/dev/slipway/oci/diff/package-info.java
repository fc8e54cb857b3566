/** What differs between two images, or between an image and a folder. */
@NullMarked
package dev.slipway.oci.diff;

import org.jspecify.annotations.NullMarked;
