package dev.slipway.bench.unpack;

import com.sun.management.OperatingSystemMXBean;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.InflateProvider;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.tree.ByteChunks;
import dev.slipway.oci.tree.DirectorySink;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Times flattening alone, from layers at rest to a sink, in this process; and the same layers through an inflating program and
 * {@code tar} in the same run. The first round is what a new process takes, later ones are warm.
 *
 * <p>Arguments: a folder that keeps inputs and disks, an input such as {@code many-gzip}, how many rounds.
 */
public final class FlattenBenchmark {
    private static final ByteSize MAX_DOCUMENT = ByteSize.ofMebibytes(8);

    private final Path layout;
    private final Input input;
    private final Path folder;
    private final List<ImageLayout.Blob> blobs;

    private FlattenBenchmark(Path folder, Input input) throws IOException, InterruptedException {
        this.folder = folder;
        this.input = input;
        this.layout = ImageLayout.of(input, Files.createDirectories(folder.resolve("inputs")));
        this.blobs = ImageLayout.blobs(layout, "first");
    }

    /** Has no use for what it gets, but takes all of it. */
    private record NullSink(boolean resettable) implements TreeSink {
        @Override
        public void add(TreeEntry entry, InputStream content) throws IOException {
            if (content instanceof ByteChunks chunks) {
                while (chunks.next().hasRemaining()) {
                    // It was inflated, and that is all.
                }
            } else {
                content.skip(Long.MAX_VALUE);
            }
        }

        @Override
        public void reset() {
            throw new IllegalStateException("these layers need no index");
        }

        @Override
        public void finish() {}
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: FlattenBenchmark FOLDER many-gzip|big-gzip|many-zstd|big-zstd ROUNDS");
            System.exit(2);
        }
        FlattenBenchmark benchmark =
                new FlattenBenchmark(Path.of(arguments[0]).toAbsolutePath(), Input.parse(arguments[1]));
        InflateProvider provider = InflateProvider.chosen();
        System.out.printf("%s; gzip by %s (%s)%n", arguments[1], provider.name(), provider.reason());
        for (int round = 1; round <= Integer.parseInt(arguments[2]); round++) {
            benchmark.round(round);
        }
    }

    private void round(int round) throws Exception {
        System.out.println("round " + round);
        measure("flatten, one pass, to nothing", () -> flatten(new NullSink(true)));
        measure("flatten with an index, to nothing", () -> flatten(new NullSink(false)));
        try (FreshDisk disk = new FreshDisk(folder)) {
            measure("flatten to a directory", () -> directory(disk.path().resolve("tree")));
        }
        try (FreshDisk disk = new FreshDisk(folder)) {
            measure(input.compression().expand + " | tar -x", tar(disk.path()));
        }
    }

    private void flatten(TreeSink sink) {
        try (LayoutContentStore store = LayoutContentStore.openReadOnly(layout)) {
            ImageManifest manifest = (ImageManifest)
                    ManifestDocument.parse(store.read(blobs.getFirst().digest(), MAX_DOCUMENT), MediaTypes.MANIFEST);
            ImageConfig config = ImageConfig.parse(store.read(manifest.config().digest(), MAX_DOCUMENT));
            new Flattener(FlattenLimits.defaults())
                    .flatten(
                            manifest, config, LayerSource.of(store), sink, ProgressListener.NONE, Cancellation.never());
        }
    }

    private void directory(Path target) {
        try (DirectorySink sink = DirectorySink.create(target, false)) {
            flatten(sink);
            sink.publish();
        }
    }

    private String tar(Path disk) {
        String tree = disk.resolve("tree").toString();
        return "mkdir " + tree + "; "
                + blobs.stream()
                        .skip(2)
                        .map(ImageLayout.Blob::digest)
                        .map(Digest::hex)
                        .map(hex -> "%s < %s | tar -x --xattrs --xattrs-include='*' --recursive-unlink -C %s"
                                .formatted(input.compression().expand, layout.resolve("blobs/sha256/" + hex), tree))
                        .collect(Collectors.joining("; "));
    }

    private static void measure(String what, Work work) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        work.run();
        print(what, (System.nanoTime() - begin) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
    }

    private static void measure(String what, String script) throws Exception {
        Shell.Cost cost = Shell.time(script, Map.of());
        print(what, cost.seconds(), cost.cpu());
    }

    private static void print(String what, double seconds, double cpu) {
        System.out.printf("  %-36s %6.2f s  %6.2f s of processors%n", what, seconds, cpu);
    }
}
