package dev.slipway.oci.tree;

/** Something of an image that a directory may be unable to hold. */
public enum Shortfall {
    /** An entry belongs to someone else than the image says. */
    OWNER("owner"),
    /** A device or fifo, or one more name of it, was left out. */
    SPECIAL_FILE("special file"),
    /** A symbolic link was left out, for the file system has none. */
    SYMBOLIC_LINK("symbolic link"),
    /** A hard link became a copy, for the file system has none, or not that many of one file. */
    HARD_LINK("hard link"),
    /** An extended attribute was left out. */
    XATTR("extended attribute"),
    /** An entry has not exactly its permission, set-id and sticky bits. */
    MODE("mode"),
    /** An entry's time is not exact. */
    TIME("time"),
    /** A symbolic link's target is written otherwise, leading to the same place. */
    LINK_TARGET("link target");

    private final String word;

    Shortfall(String word) {
        this.word = word;
    }

    /** Such as {@code 1 owner} or {@code 3 owners}. */
    String counted(long count) {
        return count + " " + word + (count == 1 ? "" : "s");
    }
}
