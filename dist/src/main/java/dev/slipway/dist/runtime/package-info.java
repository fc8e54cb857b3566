/** The Java runtime that travels with the backend, and start-up caches. */
@NullMarked
package dev.slipway.dist.runtime;

import org.jspecify.annotations.NullMarked;
