/** What an installation writes: metadata, folders, the link that publishes it. */
@NullMarked
package dev.slipway.gallery.install;

import org.jspecify.annotations.NullMarked;
