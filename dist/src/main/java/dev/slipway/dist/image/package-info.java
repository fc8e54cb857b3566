/** The backend's OCI image. */
@NullMarked
package dev.slipway.dist.image;

import org.jspecify.annotations.NullMarked;
