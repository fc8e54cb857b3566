/** What tests and benchmarks of the engine compare with. */
@NullMarked
package dev.slipway.oracle;

import org.jspecify.annotations.NullMarked;
