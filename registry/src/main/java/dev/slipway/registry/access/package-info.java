/** Who may do what in a registry: passwords, tokens and rules. */
@NullMarked
package dev.slipway.registry.access;

import org.jspecify.annotations.NullMarked;
