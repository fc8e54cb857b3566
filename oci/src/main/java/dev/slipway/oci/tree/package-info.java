/** What a flattened image is made of, and what receives it. */
@NullMarked
package dev.slipway.oci.tree;

import org.jspecify.annotations.NullMarked;
