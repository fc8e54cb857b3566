/** Backend processes: launch, readiness, routing, stop. */
@NullMarked
package dev.slipway.runtime;

import org.jspecify.annotations.NullMarked;
