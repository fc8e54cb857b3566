/** {@code slipway image}: what can be done with images. */
@NullMarked
package dev.slipway.cli.image;

import org.jspecify.annotations.NullMarked;
