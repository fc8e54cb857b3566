/** The one outbound HTTP client. */
@NullMarked
package dev.slipway.fetch;

import org.jspecify.annotations.NullMarked;
