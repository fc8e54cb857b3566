package dev.slipway.bench.unpack;

import java.util.Map;

/**
 * One entry of a layer.
 *
 * @param path without slashes at its ends
 * @param type the letter that tar archives use: {@code 0} file, {@code 1} hard link, {@code 2} symbolic link, {@code 5}
 *     directory
 * @param modified seconds since 1970
 * @param size of a file's content in bytes
 * @param seed what the content of a file is made from
 */
record Entry(
        String path,
        char type,
        int mode,
        int owner,
        long modified,
        String link,
        long size,
        long seed,
        Map<String, byte[]> xattrs) {
    static Entry file(String path, int mode, int owner, long modified, long size, long seed) {
        return new Entry(path, '0', mode, owner, modified, "", size, seed, Map.of());
    }

    static Entry directory(String path, int mode, int owner, long modified) {
        return new Entry(path, '5', mode, owner, modified, "", 0, 0, Map.of());
    }

    static Entry hardLink(String path, Entry target) {
        return new Entry(path, '1', target.mode, target.owner, target.modified, target.path, 0, 0, target.xattrs);
    }

    static Entry symbolicLink(String path, String target, long modified) {
        return new Entry(path, '2', 0777, 0, modified, target, 0, 0, Map.of());
    }

    /** An empty file whose name hides others. */
    static Entry whiteout(String path, long modified) {
        return file(path, 0, 0, modified, 0, 0);
    }

    Entry withXattr(String name, byte[] value) {
        return new Entry(path, type, mode, owner, modified, link, size, seed, Map.of(name, value));
    }

    Entry withModified(long seconds) {
        return new Entry(path, type, mode, owner, seconds, link, size, seed, xattrs);
    }

    String parent() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
