/** The KV cache: pages that sequences fill, share and leave behind. */
@NullMarked
package dev.slipway.engine.cache;

import org.jspecify.annotations.NullMarked;
