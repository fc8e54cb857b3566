/** Reading and writing JSON documents without letting the JSON library out. */
@NullMarked
package dev.slipway.oci.json;

import org.jspecify.annotations.NullMarked;
