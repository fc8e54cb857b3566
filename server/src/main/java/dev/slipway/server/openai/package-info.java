/** The HTTP API in the shapes of OpenAI's, so that its clients work unchanged. */
@NullMarked
package dev.slipway.server.openai;

import org.jspecify.annotations.NullMarked;
