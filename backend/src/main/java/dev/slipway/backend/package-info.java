/** The built-in backend: the engine behind the contract. */
@NullMarked
package dev.slipway.backend;

import org.jspecify.annotations.NullMarked;
