/** How this process is started, and when it ends by itself. */
@NullMarked
package dev.slipway.backend.process;

import org.jspecify.annotations.NullMarked;
