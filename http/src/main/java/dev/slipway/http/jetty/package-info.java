/** The server over Jetty: the only package that names a Jetty type. */
@NullMarked
package dev.slipway.http.jetty;

import org.jspecify.annotations.NullMarked;
