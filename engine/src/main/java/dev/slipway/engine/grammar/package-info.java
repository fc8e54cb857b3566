/** What an answer must look like: grammars, and the tokens that they allow next. */
@NullMarked
package dev.slipway.engine.grammar;

import org.jspecify.annotations.NullMarked;
