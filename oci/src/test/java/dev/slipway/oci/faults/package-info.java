/** A registry for tests that serves a content store and misbehaves as told. */
@NullMarked
package dev.slipway.oci.faults;

import org.jspecify.annotations.NullMarked;
