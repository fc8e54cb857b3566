package dev.slipway.it.image;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A directory as GNU find sees it; names and link targets hold one byte in each char. */
record FoundTree(Path root, Map<String, Found> entries) {
    private static final String FORMAT = "%P\\0%y\\0%m\\0%U\\0%G\\0%s\\0%T@\\0%l\\0%n\\0%i\\0%b\\0";
    private static final int FIELDS = 11;

    /**
     * One entry.
     *
     * @param type find's letter: f, d, l, c, b, p
     * @param mode in octal, as find prints it
     * @param time seconds with their fraction
     * @param blocks of 512 bytes that are allocated
     */
    record Found(
            char type,
            String mode,
            long uid,
            long gid,
            long size,
            String time,
            String link,
            int links,
            long inode,
            long blocks) {}

    static FoundTree read(Path root) throws Exception {
        byte[] listing = Tool.bytes(
                Map.of("LC_ALL", "C"), List.of("find", root.toString(), "-mindepth", "1", "-printf", FORMAT));
        String[] fields = new String(listing, StandardCharsets.ISO_8859_1).split("\0", -1);
        Map<String, Found> entries = new TreeMap<>();
        for (int i = 0; i + FIELDS <= fields.length; i += FIELDS) {
            entries.put(
                    fields[i],
                    new Found(
                            fields[i + 1].charAt(0),
                            fields[i + 2],
                            Long.parseLong(fields[i + 3]),
                            Long.parseLong(fields[i + 4]),
                            Long.parseLong(fields[i + 5]),
                            fields[i + 6],
                            fields[i + 7],
                            Integer.parseInt(fields[i + 8]),
                            Long.parseLong(fields[i + 9]),
                            Long.parseLong(fields[i + 10])));
        }
        return new FoundTree(root, entries);
    }

    /** The names below a folder, each with its type before it: {@code d a}, {@code f a/x}. */
    List<String> below(String folder) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(folder + "/"))
                .map(entry -> entry.getValue().type() + " " + entry.getKey().substring(folder.length() + 1))
                .sorted((a, b) -> a.substring(2).compareTo(b.substring(2)))
                .toList();
    }

    Found at(String path) {
        Found found = entries.get(path);
        if (found == null) {
            throw new AssertionError(path + " is not there; its parent holds "
                    + below(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : ""));
        }
        return found;
    }
}
