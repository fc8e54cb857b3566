package dev.slipway.oci.build;

import dev.slipway.oci.archive.TarInput;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A layer that holds what a tar file holds, in its order, with its owners, modes and extended attributes. Names of owners
 * are left out, and no time is later than the image's: the same entries give the same layer, whoever packed them.
 *
 * @param file plain, or compressed with gzip or zstd
 */
record TarLayer(Path file) {
    String createdBy() {
        return "slipway image build: a tar archive";
    }

    void write(TarWriter tar, Instant latest) throws IOException {
        try (InputStream in = TarInput.open(file)) {
            TarReader reader = new TarReader(in);
            for (Optional<TarHeader> next = reader.next(); next.isPresent(); next = reader.next()) {
                TarHeader header = next.get();
                // What would leave the root, nobody could unpack.
                TreePath.parse(header.name());
                try (InputStream content = reader.content()) {
                    TarHeader after = clamped(header, latest);
                    if (header.extents().isEmpty()) {
                        tar.write(after, content);
                    } else {
                        tar.writeSparse(after, header.extents(), content);
                    }
                }
            }
        }
    }

    private static TarHeader clamped(TarHeader header, Instant latest) {
        Attributes before = header.attributes();
        Attributes after = new Attributes(
                before.mode(),
                before.uid(),
                before.gid(),
                LayerBuilder.clamp(before.modified(), latest),
                before.xattrs());
        return new TarHeader(
                header.name(), header.type(), after, header.size(), header.linkName(), header.major(), header.minor());
    }
}
