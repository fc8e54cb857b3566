/** Which backend for this host; install and list. */
@NullMarked
package dev.slipway.gallery;

import org.jspecify.annotations.NullMarked;
