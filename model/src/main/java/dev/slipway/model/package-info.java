/** Model files without running them. */
@NullMarked
package dev.slipway.model;

import org.jspecify.annotations.NullMarked;
