/** What the server tells about itself. */
@NullMarked
package dev.slipway.server.status;

import org.jspecify.annotations.NullMarked;
