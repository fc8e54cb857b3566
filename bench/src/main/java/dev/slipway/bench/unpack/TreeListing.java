package dev.slipway.bench.unpack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A directory tree as GNU find, sha256sum and getfattr see it, one line for each path below the root. */
final class TreeListing {
    private static final int SHOWN = 8;

    private final Map<String, String> lines;

    private TreeListing(Map<String, String> lines) {
        this.lines = lines;
    }

    static TreeListing of(String folder) throws IOException, InterruptedException {
        Map<String, String> lines = new TreeMap<>();
        Map<String, String> firstNames = new HashMap<>();
        String found = Shell.run("cd " + folder
                + " && find . -mindepth 1 -printf '%P\\t%i\\t%y\\t%m\\t%U\\t%G\\t%s\\t%T@\\t%l\\n' | LC_ALL=C sort");
        for (String line : found.lines().toList()) {
            String[] parts = line.split("\t", -1);
            boolean directory = parts[2].equals("d");
            // A directory's size is the file system's affair; an inode's number matters only when two names share it.
            String first = directory ? "" : firstNames.computeIfAbsent(parts[1], inode -> parts[0]);
            lines.put(
                    parts[0],
                    "type %s mode %s owner %s:%s size %s time %s target '%s' same as '%s'"
                            .formatted(
                                    parts[2],
                                    parts[3],
                                    parts[4],
                                    parts[5],
                                    directory ? "-" : parts[6],
                                    parts[7],
                                    parts[8],
                                    first));
        }
        String sums = Shell.run("cd " + folder + " && find . -type f -print0 | xargs -0 -r -P 2 -n 500 sha256sum");
        sums.lines()
                .forEach(line -> lines.merge(line.substring(68), " sha256 " + line.substring(0, 64), String::concat));
        String xattrs = Shell.run(
                "cd " + folder + " && getfattr -R -P -h -d -e hex -m '^(user|security\\.capability)' . 2> /dev/null");
        String path = "";
        for (String line : xattrs.lines().toList()) {
            if (line.startsWith("# file: ")) {
                path = line.substring(8);
            } else if (!line.isEmpty()) {
                lines.merge(path, " " + line, String::concat);
            }
        }
        return new TreeListing(lines);
    }

    int entries() {
        return lines.size();
    }

    /** Where this differs from what is expected; the first few lines, empty when nowhere. */
    List<String> differences(TreeListing expected) {
        List<String> differences = new ArrayList<>();
        TreeMap<String, String> all = new TreeMap<>(expected.lines);
        all.putAll(lines);
        for (String path : all.keySet()) {
            String here = lines.getOrDefault(path, "nothing");
            String there = expected.lines.getOrDefault(path, "nothing");
            if (!here.equals(there) && differences.size() < SHOWN) {
                differences.add(path + "\n    is      " + here + "\n    expects " + there);
            }
        }
        return differences;
    }
}
