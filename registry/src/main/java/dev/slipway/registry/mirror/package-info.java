/** Pulling through: what is not here is fetched from upstream registries, given on while it arrives, and kept. */
@NullMarked
package dev.slipway.registry.mirror;

import org.jspecify.annotations.NullMarked;
