package dev.slipway.oci.tree;

/**
 * A stretch of a sparse file that holds data; what lies between two of them is a hole, which reads as zeros.
 *
 * @param offset from the start of the file, in bytes
 * @param length in bytes; 0 only where a file is one hole and has nothing but an extent at its end
 */
public record Extent(long offset, long length) {
    public Extent {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("extent of " + length + " bytes at " + offset);
        }
    }

    /** The offset behind the last byte. */
    public long end() {
        return offset + length;
    }
}
