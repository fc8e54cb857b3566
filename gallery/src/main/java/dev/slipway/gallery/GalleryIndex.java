package dev.slipway.gallery;

import dev.slipway.base.ErrorKind;
import dev.slipway.gallery.index.IndexReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The backends that a gallery offers.
 *
 * @param entries in the index's order; of two with one name the first counts
 * @param problems rows that were left out, and why
 */
public record GalleryIndex(List<GalleryEntry> entries, List<Problem> problems) {
    private static final String EMBEDDED_RESOURCE = "index.yaml";

    public GalleryIndex {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }

    /**
     * A row that could not be read.
     *
     * @param row counted from 1
     * @param line where it begins, counted from 1
     * @param name its name, as far as it has one
     * @param reason what is wrong with it
     */
    public record Problem(int row, int line, String name, String reason) {}

    /**
     * Reads an index: a YAML list of mappings, with anchors and merge keys.
     *
     * @throws GalleryException {@code gallery.invalid-index} when the whole is not such a list, or too large
     */
    public static GalleryIndex parse(byte[] yaml) {
        return IndexReader.read(yaml);
    }

    /** The index that Slipway itself ships. */
    public static GalleryIndex embedded() {
        try (InputStream in = GalleryIndex.class.getResourceAsStream(EMBEDDED_RESOURCE)) {
            if (in == null) {
                throw new AssertionError(EMBEDDED_RESOURCE + " is missing from the class path");
            }
            return parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entry of that name; upper and lower case are alike. */
    public Optional<GalleryEntry> find(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /**
     * The entry of that name.
     *
     * @throws GalleryException {@code gallery.backend-not-found}, with the nearest name there is
     */
    public GalleryEntry require(String name) {
        return find(name).orElseThrow(() -> {
            String nearest =
                    Names.nearest(name, entries.stream().map(GalleryEntry::name).toList());
            return new GalleryException(
                    "gallery.backend-not-found",
                    ErrorKind.NOT_FOUND,
                    "No backend found with name \"" + name + "\".",
                    nearest.isEmpty()
                            ? "Run 'slipway backend list' to see what the gallery offers."
                            : "Did you mean '" + nearest + "'?",
                    null);
        });
    }
}
