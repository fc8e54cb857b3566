/** Our registry beside Debian's docker-registry, as whole processes. */
@NullMarked
package dev.slipway.bench.registry;

import org.jspecify.annotations.NullMarked;
