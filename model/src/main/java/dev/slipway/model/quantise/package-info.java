/** Stored weights brought into smaller types. */
@NullMarked
package dev.slipway.model.quantise;

import org.jspecify.annotations.NullMarked;
