/** An assembler for x86-64, and the kernels that are written with it. */
@NullMarked
package dev.slipway.engine.kernel.x86;

import org.jspecify.annotations.NullMarked;
