@NullMarked
package dev.slipway.cli.chat;

import org.jspecify.annotations.NullMarked;
