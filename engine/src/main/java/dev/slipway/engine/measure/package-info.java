/** How fast a model runs here, as a share of what this host could do. */
@NullMarked
package dev.slipway.engine.measure;

import org.jspecify.annotations.NullMarked;
