/** Inflating with Intel's storage library, by foreign calls. */
@NullMarked
package dev.slipway.posix.isal;

import org.jspecify.annotations.NullMarked;
