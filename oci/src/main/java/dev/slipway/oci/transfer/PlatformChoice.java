package dev.slipway.oci.transfer;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.Platform;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** Finds the manifest for a platform in an index, and in the indexes that it may hold. */
final class PlatformChoice {
    private static final int MAX_DEPTH = 4;

    private final Platform platform;
    private final Function<Descriptor, ManifestDocument> reader;
    private final TreeSet<String> offered = new TreeSet<>();

    PlatformChoice(Platform platform, Function<Descriptor, ManifestDocument> reader) {
        this.platform = platform;
        this.reader = reader;
    }

    /** The manifest itself, or the best one of an index; the first of several that are equally good. */
    ImageManifest choose(ManifestDocument document, String name) {
        return choose(document, 0)
                .orElseThrow(() -> new OciException(
                        "oci.no-platform",
                        ErrorKind.NOT_FOUND,
                        "Pulling " + name + " failed: it holds no image for " + platform + ".",
                        offered.isEmpty()
                                ? "It names no platforms at all."
                                : "It has images for: " + String.join(", ", offered) + ".",
                        null));
    }

    private Optional<ImageManifest> choose(ManifestDocument document, int depth) {
        return switch (document) {
            case ImageManifest manifest -> Optional.of(manifest);
            case ImageIndex index -> chooseFrom(index, depth);
        };
    }

    private Optional<ImageManifest> chooseFrom(ImageIndex index, int depth) {
        if (depth == MAX_DEPTH) {
            throw OciException.corrupt(
                    "oci.invalid-document",
                    "Reading an index failed: indexes are nested deeper than " + MAX_DEPTH + ".");
        }
        List<Descriptor> entries =
                index.manifests().stream().filter(PlatformChoice::isImage).toList();
        entries.forEach(entry -> entry.platform()
                .filter(value -> !value.architecture().isEmpty())
                .ifPresent(value -> offered.add(value.toString())));
        Optional<Descriptor> best =
                entries.stream().filter(entry -> distance(entry) >= 0).min(Comparator.comparingInt(this::distance));
        if (best.isPresent()) {
            return choose(reader.apply(best.get()), depth + 1);
        }
        return entries.stream()
                .filter(entry -> entry.platform().isEmpty())
                .flatMap(entry -> choose(reader.apply(entry), depth + 1).stream())
                .findFirst();
    }

    private int distance(Descriptor entry) {
        return entry.platform().map(platform::distance).orElse(-1);
    }

    /** Leaves out what describes images rather than being one, such as attestations. */
    static boolean isImage(Descriptor entry) {
        boolean attestation = entry.annotations().containsKey("vnd.docker.reference.type")
                || entry.platform()
                        .map(value -> value.architecture().equals("unknown"))
                        .orElse(false);
        return !attestation && (MediaTypes.isManifest(entry.mediaType()) || MediaTypes.isIndex(entry.mediaType()));
    }
}
