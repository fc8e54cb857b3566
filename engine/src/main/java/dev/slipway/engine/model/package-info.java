/** The networks: one page per architecture, made of parts that they share. */
@NullMarked
package dev.slipway.engine.model;

import org.jspecify.annotations.NullMarked;
