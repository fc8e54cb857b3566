@NullMarked
package dev.slipway.registry.mirror;

import org.jspecify.annotations.NullMarked;
