/** Where images come from. */
@NullMarked
package dev.slipway.oci.transport;

import org.jspecify.annotations.NullMarked;
