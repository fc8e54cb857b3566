package dev.slipway.bench.unpack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one layer changes. As in the layers that Docker and BuildKit write, the directories above every change stand in the
 * layer too, and entries are sorted so that they come first.
 */
final class LayerPlan {
    private final Map<String, Entry> entries = new TreeMap<>((a, b) -> order(a).compareTo(order(b)));
    private final Map<String, Entry> directories;
    private final long now;

    /**
     * Plans a layer.
     *
     * @param directories all directories of the image so far, by path; kept up to date
     * @param now when the layer was made, in seconds since 1970
     */
    LayerPlan(Map<String, Entry> directories, long now) {
        this.directories = directories;
        this.now = now;
    }

    private static String order(String path) {
        return path.replace('/', '\0');
    }

    long now() {
        return now;
    }

    /** Adds or replaces an entry; the directory it stands in changes with it. */
    void put(Entry entry) {
        if (entry.type() == '5') {
            directories.put(entry.path(), entry);
        }
        entries.put(entry.path(), entry);
        String above = entry.parent();
        if (!above.isEmpty()) {
            Entry known = directories.getOrDefault(above, Entry.directory(above, 0755, 0, now));
            put(known.withModified(now));
        }
    }

    void hide(String path) {
        int slash = path.lastIndexOf('/') + 1;
        put(Entry.whiteout(path.substring(0, slash) + ".wh." + path.substring(slash), now));
    }

    /** Hides what lower layers have in a directory. */
    void hideContents(String directory) {
        put(Entry.whiteout(directory + "/.wh..wh..opq", now));
    }

    List<Entry> entries() {
        return new ArrayList<>(entries.values());
    }
}
