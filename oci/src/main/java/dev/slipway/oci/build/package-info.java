/** Building images, deterministically. */
@NullMarked
package dev.slipway.oci.build;

import org.jspecify.annotations.NullMarked;
