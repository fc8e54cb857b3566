/** OCI Distribution server over a content store. */
@NullMarked
package dev.slipway.registry;

import org.jspecify.annotations.NullMarked;
