/** What every module would else repeat: coded errors, digests, byte sizes, atomic files, locks, retry, progress, tasks. */
@NullMarked
package dev.slipway.base;

import org.jspecify.annotations.NullMarked;
