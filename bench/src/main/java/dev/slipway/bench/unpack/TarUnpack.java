package dev.slipway.bench.unpack;

import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.DirectorySink;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A program that lays out one plain archive of files and directories, and does nothing else: what a sink costs. */
final class TarUnpack {
    private TarUnpack() {}

    public static void main(String[] args) throws IOException {
        boolean durable = args.length > 2 && args[2].equals("--durable");
        try (InputStream in = Files.newInputStream(Path.of(args[0]));
                DirectorySink sink = DirectorySink.create(Path.of(args[1]), durable)) {
            sink.add(new TreeEntry.Directory(TreePath.ROOT, Attributes.of(0755, Instant.EPOCH)), in);
            TarReader tar = new TarReader(in);
            for (Optional<TarHeader> header = tar.next(); header.isPresent(); header = tar.next()) {
                sink.add(entry(header.get()), tar.content());
            }
            sink.finish();
            sink.publish();
        }
    }

    private static TreeEntry entry(TarHeader header) {
        TreePath path = TreePath.parse(header.name());
        return header.type() == TarType.DIRECTORY
                ? new TreeEntry.Directory(path, header.attributes())
                : new TreeEntry.RegularFile(path, header.attributes(), header.size());
    }
}
