@NullMarked
package dev.slipway.http;

import org.jspecify.annotations.NullMarked;
