package dev.slipway.bench.unpack;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whole processes: 60,000 small files out of one plain archive, by the directory sink and by GNU tar, in turn, each into a
 * fresh ext4. Needs root.
 */
final class SinkBenchmark {
    private static final int FILES = 60_000;
    private static final int FILES_PER_FOLDER = 50;
    private static final int LARGEST = 8192;
    private static final int TIME = 1_600_000_000;
    private static final String JAVA = System.getProperty("java.home")
            + "/bin/java -XX:+UseSerialGC -Xmx256m --enable-native-access=ALL-UNNAMED -cp "
            + System.getProperty("java.class.path") + " " + TarUnpack.class.getName();

    private SinkBenchmark() {}

    /** Arguments: a folder to work in, and how many rounds. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Path.of(args[0]));
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path archive = folder.resolve("files.tar");
        write(archive);
        Map<String, String> programs = new TreeMap<>(Map.of(
                "tar", "mkdir {tree} && tar -xf " + archive + " -C {tree}",
                "tar + sync", "mkdir {tree} && tar -xf " + archive + " -C {tree} && sync -f {tree}",
                "sink", JAVA + " " + archive + " {tree}",
                "sink, durable", JAVA + " " + archive + " {tree} --durable"));
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, String> program : programs.entrySet()) {
                Shell.Cost cost = run(folder, program.getValue());
                System.out.printf(
                        Locale.ROOT,
                        "%d %-14s %6.2f s  CPU %5.2f s%n",
                        round,
                        program.getKey(),
                        cost.seconds(),
                        cost.cpu());
            }
        }
        Files.delete(archive);
    }

    private static Shell.Cost run(Path folder, String script) throws IOException, InterruptedException {
        try (FreshDisk disk = new FreshDisk(folder)) {
            return Shell.time(script.replace("{tree}", disk.path() + "/tree"), disk.environment());
        }
    }

    private static void write(Path archive) throws IOException {
        LibraryBytes random = new LibraryBytes(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 20)) {
            LayerTar tar = new LayerTar(out);
            for (Entry entry : entries(random)) {
                tar.write(entry);
            }
            tar.end();
        }
    }

    private static List<Entry> entries(LibraryBytes random) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            String parent = "folder-" + i / FILES_PER_FOLDER % 60;
            String folder = parent + "/part-" + i / FILES_PER_FOLDER / 60;
            if (i % FILES_PER_FOLDER == 0) {
                if (i / FILES_PER_FOLDER < 60) {
                    entries.add(Entry.directory(parent, 0755, 0, TIME));
                }
                entries.add(Entry.directory(folder, 0755, 0, TIME));
            }
            entries.add(Entry.file(folder + "/file-" + i + ".py", 0644, 0, TIME + i, random.below(LARGEST), i));
        }
        return entries;
    }
}
