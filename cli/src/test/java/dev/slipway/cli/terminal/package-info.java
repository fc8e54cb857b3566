@NullMarked
package dev.slipway.cli.terminal;

import org.jspecify.annotations.NullMarked;
