/** libllama, built by others, driven through foreign calls in a process of its own. */
@NullMarked
package dev.slipway.oracle.libllama;

import org.jspecify.annotations.NullMarked;
