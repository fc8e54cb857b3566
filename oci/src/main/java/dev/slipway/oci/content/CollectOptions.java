package dev.slipway.oci.content;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a collection goes.
 *
 * @param minAge blobs that came, and references that changed, less than this ago are kept
 * @param abandonedAfter an ingest that nobody went on with for this long is dropped
 * @param weak references that keep nothing by themselves: one that is older than {@code minAge} is removed together with
 *     what it names when nothing else needs that
 * @param dryRun only say what would be removed
 */
public record CollectOptions(Duration minAge, Duration abandonedAfter, Predicate<Reference> weak, boolean dryRun) {
    /** Keeps every reference and what is younger than an hour; drops ingests abandoned for a week. */
    public static CollectOptions defaults() {
        return new CollectOptions(Duration.ofHours(1), Duration.ofDays(7), _ -> false, false);
    }

    public CollectOptions withMinAge(Duration newMinAge) {
        return new CollectOptions(newMinAge, abandonedAfter, weak, dryRun);
    }

    public CollectOptions withAbandonedAfter(Duration newAbandonedAfter) {
        return new CollectOptions(minAge, newAbandonedAfter, weak, dryRun);
    }

    /** Takes references without a tag, {@code repository@digest}, for weak. */
    public CollectOptions withoutUntagged() {
        return withWeak(reference ->
                reference.name().startsWith("@", reference.repository().length()));
    }

    public CollectOptions withWeak(Predicate<Reference> newWeak) {
        return new CollectOptions(minAge, abandonedAfter, newWeak, dryRun);
    }

    public CollectOptions withDryRun(boolean newDryRun) {
        return new CollectOptions(minAge, abandonedAfter, weak, newDryRun);
    }
}
