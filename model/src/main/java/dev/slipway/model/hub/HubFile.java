package dev.slipway.model.hub;

/**
 * A file of a repository at one commit.
 *
 * @param name its path in the repository, proven to stay inside it
 * @param size in bytes
 * @param hash what the Hub calls its content: a SHA-256 for large files, and Git's own SHA-1 for the others
 */
record HubFile(String name, long size, String hash) {
    private static final int SHA256_DIGITS = 64;

    /** Whether the hash is a SHA-256 of the bytes themselves. */
    boolean large() {
        return hash.length() == SHA256_DIGITS;
    }
}
