/** The loaded model and its exchange. */
@NullMarked
package dev.slipway.backend.model;

import org.jspecify.annotations.NullMarked;
