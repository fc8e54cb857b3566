/** What keeping an answer to a grammar costs. */
@NullMarked
package dev.slipway.bench.grammar;

import org.jspecify.annotations.NullMarked;
