package dev.slipway.oci.lazy;

import dev.slipway.oci.tar.TarHeader;

/** An entry of a layer as it stands there, and where its content is. */
record LayerEntry(TarHeader header, Content content) {}
