/** Whom a TLS connection trusts, and as whom it speaks. */
@NullMarked
package dev.slipway.fetch.tls;

import org.jspecify.annotations.NullMarked;
