/** What a step was made from, so that it runs only when that has changed. */
@NullMarked
package dev.slipway.dist.fingerprint;

import org.jspecify.annotations.NullMarked;
