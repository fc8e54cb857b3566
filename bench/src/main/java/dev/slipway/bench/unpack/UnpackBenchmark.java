package dev.slipway.bench.unpack;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Times whole processes from a registry to a laid out tree: ours, and other programs in the same run, in turn, each on a
 * fresh file system. A time counts only when the tree is the same that the other programs made. {@link Options#USAGE} has the
 * arguments.
 */
public final class UnpackBenchmark {
    private final Options options;
    private final LocalRegistry registry;

    private UnpackBenchmark(Options options, LocalRegistry registry) {
        this.options = options;
        this.registry = registry;
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (RuntimeException _) {
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        Path inputs = Files.createDirectories(options.folder().resolve("inputs"));
        Path served = Files.createDirectories(options.folder().resolve("registry"));
        try (LocalRegistry registry = new LocalRegistry(served)) {
            UnpackBenchmark benchmark = new UnpackBenchmark(options, registry);
            Results results = new Results();
            for (Input input : options.inputs()) {
                Path layout = ImageLayout.of(input, inputs);
                registry.push(layout, layout.getFileName().toString());
                if (options.update()) {
                    benchmark.update(input, layout);
                } else {
                    benchmark.measure(input, layout, results);
                }
            }
            if (options.json().isPresent()) {
                Files.writeString(options.json().get(), results.json());
            }
            System.exit(results.complete() ? 0 : 1);
        }
    }

    private List<Program> programs(Input input) {
        return options.programs().stream()
                .filter(program -> program.reads(input.compression()))
                .toList();
    }

    private Program.Task task(Input input, Path layout, String tag, FreshDisk disk) throws IOException {
        String repository = layout.getFileName().toString();
        List<String> layers = ImageLayout.blobs(layout, tag).stream()
                .skip(2)
                .map(blob -> blob.digest().toString())
                .toList();
        return new Program.Task(
                registry.address() + "/" + repository + ":" + tag,
                tag,
                "http://" + registry.address() + "/v2/" + repository + "/blobs",
                layers,
                input.compression().expand,
                disk.path());
    }

    private void measure(Input input, Path layout, Results results) throws Exception {
        List<Program> order = new ArrayList<>(programs(input));
        for (int round = 0; round < options.rounds(); round++) {
            // Ours last in the first round, so that there is a tree to compare with.
            Collections.rotate(order, -1);
            for (Program program : order) {
                System.err.println(input.name() + ", round " + (round + 1) + ": " + program.title());
                run(program, input, layout, results);
            }
        }
        System.out.print(results.table(input));
    }

    private void run(Program program, Input input, Path layout, Results results) throws Exception {
        try (FreshDisk disk = new FreshDisk(options.folder())) {
            Program.Task task = task(input, layout, "first", disk);
            FreshDisk.dropCaches();
            registry.warm();
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            Shell.Cost cost = Shell.time(program.script(task, options.slipway()), disk.environment());
            Shell.Cost sync = Shell.time("sync -f " + disk.path(), disk.environment());
            results.add(input, program, cost, sync.seconds(), load);
            if (program.makesTree()) {
                results.check(input, program, program.listing(task));
            }
        }
    }

    /** Pulls an image, then the next version of it, and says what each moved. */
    private void update(Input input, Path layout) throws Exception {
        List<ImageLayout.Blob> newer = ImageLayout.blobs(layout, "updated");
        Set<ImageLayout.Blob> known = new HashSet<>(ImageLayout.blobs(layout, "first"));
        long all = newer.stream().mapToLong(ImageLayout.Blob::size).sum();
        long fresh = newer.stream()
                .filter(blob -> !known.contains(blob))
                .mapToLong(ImageLayout.Blob::size)
                .sum();
        System.out.printf(
                "%s: the updated image has %,d bytes, of which %,d are new%n%-28s %14s %14s %16s%n",
                input.name(), all, fresh, "bytes served", "first pull", "second pull", "beyond the new");
        for (Program program : programs(input)) {
            if (program == Program.TAR) {
                continue;
            }
            try (FreshDisk disk = new FreshDisk(options.folder())) {
                long begin = registry.bytesServed();
                for (String tag : List.of("first", "updated")) {
                    Program.Task task = task(input, layout, tag, disk);
                    Shell.time(program.script(task, options.slipway()), disk.environment());
                    long moved = registry.bytesServed() - begin;
                    begin += moved;
                    if (tag.equals("first")) {
                        System.out.printf("%-28s %,14d", program.title(), moved);
                    } else {
                        System.out.printf(" %,14d %,16d%n", moved, moved - fresh);
                    }
                }
            }
        }
    }
}
