/** Images in folders, in tar files and with a Docker daemon: reading and writing what other tools write and read. */
@NullMarked
package dev.slipway.oci.archive;

import org.jspecify.annotations.NullMarked;
