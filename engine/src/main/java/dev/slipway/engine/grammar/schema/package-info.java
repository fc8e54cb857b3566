/** JSON schemas turned into grammars. */
@NullMarked
package dev.slipway.engine.grammar.schema;

import org.jspecify.annotations.NullMarked;
