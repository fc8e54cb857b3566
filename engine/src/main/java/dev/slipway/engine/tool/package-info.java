/** Tool calls and thinking sections, read out of an answer while it streams. */
@NullMarked
package dev.slipway.engine.tool;

import org.jspecify.annotations.NullMarked;
