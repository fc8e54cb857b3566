/** What hosts ask for, checked and turned into the engine's terms. */
@NullMarked
package dev.slipway.backend.request;

import org.jspecify.annotations.NullMarked;
