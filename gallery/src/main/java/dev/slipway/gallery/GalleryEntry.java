package dev.slipway.gallery;

import dev.slipway.base.ErrorKind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One row of an index: a backend that can be installed, or a meta backend that stands for several.
 *
 * @param name the identity, and the folder's name after the installation
 * @param alias a second name under which the installed backend is found; may be empty
 * @param uri the image; empty for a meta backend
 * @param mirrors further places of the same image, tried in order
 * @param capabilities host capability → name of the concrete backend; in the index's order
 * @param version free text, compared for equality; may be empty
 * @param display what people read
 */
public record GalleryEntry(
        String name,
        String alias,
        String uri,
        List<String> mirrors,
        Map<String, String> capabilities,
        String version,
        Display display) {
    /** What a name may be: it becomes the name of a folder. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public GalleryEntry {
        requireName(name);
        mirrors = List.copyOf(mirrors);
        capabilities = Collections.unmodifiableMap(new LinkedHashMap<>(capabilities));
    }

    /**
     * The part of a row that is only shown.
     *
     * @param description may be empty, as all of these
     * @param license as the index writes it
     * @param icon an image's address
     * @param urls pages about the backend
     * @param tags free words
     */
    public record Display(String description, String license, String icon, List<String> urls, List<String> tags) {
        public static final Display NONE = new Display("", "", "", List.of(), List.of());

        public Display {
            urls = List.copyOf(urls);
            tags = List.copyOf(tags);
        }
    }

    /** A backend without anything to show. */
    public static GalleryEntry of(String name, String uri) {
        return new GalleryEntry(name, "", uri, List.of(), Map.of(), "", Display.NONE);
    }

    /** The name itself, when it can name a folder. */
    static String requireName(String name) {
        if (NAME.matcher(name).matches()) {
            return name;
        }
        throw new GalleryException(
                "gallery.invalid-name",
                ErrorKind.INVALID,
                "A backend cannot be named '" + name + "'.",
                "Names are 1 to 128 letters, digits, dots, dashes and underscores, and begin with a letter or a digit.",
                null);
    }

    /** Whether this row only names others, one per capability. Concrete rows often inherit that map from theirs. */
    public boolean meta() {
        return uri.isEmpty() && !capabilities.isEmpty();
    }
}
