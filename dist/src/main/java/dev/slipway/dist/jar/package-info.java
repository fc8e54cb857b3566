/** Jars and the class paths that their manifests name. */
@NullMarked
package dev.slipway.dist.jar;

import org.jspecify.annotations.NullMarked;
