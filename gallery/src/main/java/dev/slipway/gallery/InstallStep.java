package dev.slipway.gallery;

/** The steps of an installation, each reported when it is done. Being ended after any of them does no harm. */
public enum InstallStep {
    /** Nobody else works on this backend, and what a crash left has been swept. */
    LOCKED,
    /** All bytes are here and verified. */
    FETCHED,
    /** The tree lies in a folder that nothing refers to. */
    UNPACKED,
    /** Its {@code metadata.json} is written. */
    DESCRIBED,
    /** All of it would survive a power cut. */
    SYNCED,
    /** The folder has its final name among the versions. */
    PUBLISHED,
    /** The backend's name points at it. */
    LINKED,
    /** Older versions than the previous one are gone. */
    PRUNED
}
