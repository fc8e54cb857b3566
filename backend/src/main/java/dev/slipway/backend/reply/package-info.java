/** What the engine reports, turned into the contract's terms. */
@NullMarked
package dev.slipway.backend.reply;

import org.jspecify.annotations.NullMarked;
