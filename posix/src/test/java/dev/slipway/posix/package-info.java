@NullMarked
package dev.slipway.posix;

import org.jspecify.annotations.NullMarked;
