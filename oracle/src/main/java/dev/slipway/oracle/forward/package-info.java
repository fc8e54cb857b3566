/** Forward passes in double precision, written to be believed: no code of the engine, no rounding, no cache. */
@NullMarked
package dev.slipway.oracle.forward;

import org.jspecify.annotations.NullMarked;
