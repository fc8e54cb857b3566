/** Reading an index: YAML with anchors and merge keys, and its rows. */
@NullMarked
package dev.slipway.gallery.index;

import org.jspecify.annotations.NullMarked;
