/** A thin blocking HTTP server API over Jetty. */
@NullMarked
package dev.slipway.http;

import org.jspecify.annotations.NullMarked;
