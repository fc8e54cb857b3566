/** The few system calls that Java lacks, each with a clear answer where the host has none. */
@NullMarked
package dev.slipway.posix;

import org.jspecify.annotations.NullMarked;
