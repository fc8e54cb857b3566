/** What this host is: system, processor, GPU. */
@NullMarked
package dev.slipway.gallery.host;

import org.jspecify.annotations.NullMarked;
