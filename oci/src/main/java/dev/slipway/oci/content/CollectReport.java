package dev.slipway.oci.content;

import dev.slipway.base.ByteSize;
import java.util.List;

/**
 * What a collection removed, or would remove, and why it kept the rest.
 *
 * @param dryRun nothing was removed, only counted
 * @param removed blobs that nothing needs
 * @param referenced blobs kept by references and roots
 * @param leased other blobs kept by leases
 * @param young other blobs kept because they are young or held
 * @param abandoned ingests that nobody went on with, removed
 * @param untagged names of weak references removed
 */
public record CollectReport(
        boolean dryRun,
        Tally removed,
        Tally referenced,
        Tally leased,
        Tally young,
        Tally abandoned,
        List<String> untagged) {
    public CollectReport {
        untagged = List.copyOf(untagged);
    }

    /**
     * How many, and how much.
     *
     * @param count never negative
     */
    public record Tally(long count, ByteSize size) {
        static final Tally NONE = new Tally(0, new ByteSize(0));

        Tally plus(long bytes) {
            return new Tally(count + 1, new ByteSize(size.bytes() + bytes));
        }

        Tally plus(Tally other) {
            return new Tally(count + other.count, new ByteSize(size.bytes() + other.size.bytes()));
        }
    }
}
