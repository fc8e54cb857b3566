/** HTTP/1.1 over sockets: connections, heads and bodies. Failures are {@code IOException}s; the module's root explains them. */
@NullMarked
package dev.slipway.fetch.wire;

import org.jspecify.annotations.NullMarked;
