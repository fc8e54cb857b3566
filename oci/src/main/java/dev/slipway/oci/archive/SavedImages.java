package dev.slipway.oci.archive;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The images that a {@code manifest.json} lists. */
record SavedImages(String description, List<JsonObject> images) {
    JsonObject choose(Optional<ImageReference> reference) {
        List<JsonObject> fitting = images.stream()
                .filter(image -> reference.isEmpty()
                        || names(image).anyMatch(reference.get().toString()::equals))
                .toList();
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        SortedSet<String> all = names();
        String what = reference.map(ImageReference::toString).orElse("an image");
        String looking = "Looking for " + what + " in " + description + " failed: ";
        throw new OciException(
                fitting.isEmpty() ? "oci.unknown-reference" : "oci.ambiguous-reference",
                ErrorKind.NOT_FOUND,
                looking + (fitting.isEmpty() ? "it has no such image." : "it has " + fitting.size() + " that fit."),
                all.isEmpty() ? "It names none of its images." : "It has: " + String.join(", ", all) + ".",
                null);
    }

    /** The names of all images, in full. */
    SortedSet<String> names() {
        return images.stream().flatMap(SavedImages::names).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names in full; those that make no sense are passed over. */
    private static Stream<String> names(JsonObject image) {
        return image.strings("RepoTags").stream().flatMap(SavedImages::name);
    }

    private static Stream<String> name(String text) {
        try {
            return Stream.of(ImageReference.parse(text).toString());
        } catch (CodedException _) {
            return Stream.empty();
        }
    }
}
