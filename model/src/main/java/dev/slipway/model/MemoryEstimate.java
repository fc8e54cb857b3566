package dev.slipway.model;

import dev.slipway.base.ByteSize;

/**
 * The memory that running a model takes, told from its header before any of it is allocated. All in bytes.
 *
 * @param mapped weights that are read where they lie in the file; the system may drop them, and then each token reads them
 *     from the disk again
 * @param packed weights in a form of their own beside the file: repacked for the processor, or quantised at load
 * @param cache the most that the KV cache grows to
 * @param buffers vectors on their way through the model, and what the runtime takes beside all that
 */
public record MemoryEstimate(long mapped, long packed, long cache, long buffers) {
    public MemoryEstimate {
        if (mapped < 0 || packed < 0 || cache < 0 || buffers < 0) {
            throw new IllegalArgumentException("negative memory");
        }
    }

    /** All of it. */
    public long total() {
        return mapped + packed + cache + buffers;
    }

    /** All but the KV cache. */
    public long fixed() {
        return mapped + packed + buffers;
    }

    /** For people: every part that is not nothing. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(new ByteSize(total()).toString()).append(" (");
        part(text, "weights in the file ", mapped);
        part(text, "weights in memory ", packed);
        part(text, "KV cache ", cache);
        part(text, "buffers ", buffers);
        return text.append(')').toString();
    }

    private static void part(StringBuilder text, String name, long bytes) {
        if (bytes > 0) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ")
                    .append(name)
                    .append(new ByteSize(bytes));
        }
    }
}
