/** Packaging: runtime image, backend OCI image, the distribution folder. */
@NullMarked
package dev.slipway.dist;

import org.jspecify.annotations.NullMarked;
