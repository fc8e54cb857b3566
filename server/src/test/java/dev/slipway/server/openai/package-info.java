@NullMarked
package dev.slipway.server.openai;

import org.jspecify.annotations.NullMarked;
