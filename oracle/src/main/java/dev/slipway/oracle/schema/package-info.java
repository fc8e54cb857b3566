/** Random JSON schemas, and a judge of what is valid by them. */
@NullMarked
package dev.slipway.oracle.schema;

import org.jspecify.annotations.NullMarked;
