/** Images through the packaged program, judged by other people's tools. */
@NullMarked
package dev.slipway.it.image;

import org.jspecify.annotations.NullMarked;
