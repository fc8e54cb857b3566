/** The operating-system side of a backend process: environment, port, output, supervision. */
@NullMarked
package dev.slipway.runtime.process;

import org.jspecify.annotations.NullMarked;
