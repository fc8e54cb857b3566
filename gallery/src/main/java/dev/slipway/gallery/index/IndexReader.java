package dev.slipway.gallery.index;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.gallery.GalleryEntry;
import dev.slipway.gallery.GalleryException;
import dev.slipway.gallery.GalleryIndex;
import dev.slipway.gallery.GalleryIndex.Problem;
import dev.slipway.gallery.index.YamlTree.Mapping;
import dev.slipway.gallery.index.YamlTree.Sequence;
import dev.slipway.gallery.index.YamlTree.Text;
import dev.slipway.gallery.index.YamlTree.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of an index → entries. A row that is wrong is left out and reported; keys that are not known are ignored. */
public final class IndexReader {
    static final ByteSize MAX_SIZE = ByteSize.ofMebibytes(16);
    static final int MAX_ROWS = 50_000;
    static final int MAX_TEXT = 20_000;
    static final int MAX_ITEMS = 200;

    private IndexReader() {}

    public static GalleryIndex read(byte[] yaml) {
        if (yaml.length > MAX_SIZE.bytes()) {
            throw invalid("it has " + new ByteSize(yaml.length) + ", and " + MAX_SIZE + " is the most");
        }
        Optional<Value> root = YamlTree.read(yaml);
        if (root.isEmpty()) {
            return new GalleryIndex(List.of(), List.of());
        }
        if (!(root.get() instanceof Sequence rows)) {
            throw invalid("it is not a list");
        }
        if (rows.items().size() > MAX_ROWS) {
            throw invalid("it has " + rows.items().size() + " rows, and " + MAX_ROWS + " are the most");
        }
        List<GalleryEntry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < rows.items().size(); i++) {
            Value row = rows.items().get(i);
            try {
                entries.add(entry(row));
            } catch (BadRow e) {
                problems.add(new Problem(i + 1, row.line(), name(row), e.reason));
            }
        }
        return new GalleryIndex(entries, problems);
    }

    private static GalleryEntry entry(Value row) throws BadRow {
        if (!(row instanceof Mapping(Map<String, Value> pairs, int _))) {
            throw new BadRow("it is not a mapping");
        }
        String name = text(pairs, "name");
        if (!GalleryEntry.NAME.matcher(name).matches()) {
            throw new BadRow(name.isEmpty() ? "it has no name" : "its name cannot name a folder");
        }
        String alias = text(pairs, "alias");
        if (!alias.isEmpty() && !GalleryEntry.NAME.matcher(alias).matches()) {
            throw new BadRow("its alias cannot name a folder");
        }
        GalleryEntry entry = new GalleryEntry(
                name,
                alias,
                text(pairs, "uri"),
                texts(pairs, "mirrors"),
                capabilities(pairs),
                text(pairs, "version"),
                new GalleryEntry.Display(
                        text(pairs, "description"),
                        text(pairs, "license"),
                        text(pairs, "icon"),
                        texts(pairs, "urls"),
                        texts(pairs, "tags")));
        if (entry.uri().isEmpty() && entry.capabilities().isEmpty()) {
            throw new BadRow("it has neither a uri nor capabilities");
        }
        return entry;
    }

    private static Map<String, String> capabilities(Map<String, Value> pairs) throws BadRow {
        Value value = pairs.get("capabilities");
        if (value == null || empty(value)) {
            return Map.of();
        }
        if (!(value instanceof Mapping mapping) || mapping.pairs().size() > MAX_ITEMS) {
            throw new BadRow("its 'capabilities' is not a mapping of at most " + MAX_ITEMS + " names");
        }
        Map<String, String> capabilities = new LinkedHashMap<>();
        for (String key : mapping.pairs().keySet()) {
            capabilities.put(key, text(mapping.pairs(), key));
        }
        return capabilities;
    }

    private static String text(Map<String, Value> pairs, String key) throws BadRow {
        Value value = pairs.get(key);
        if (value == null) {
            return "";
        }
        if (!(value instanceof Text(String text, int _))) {
            throw new BadRow("its '" + key + "' is not a text");
        }
        if (text.length() > MAX_TEXT) {
            throw new BadRow(
                    "its '" + key + "' has " + text.length() + " characters, and " + MAX_TEXT + " are the most");
        }
        return text.strip();
    }

    private static List<String> texts(Map<String, Value> pairs, String key) throws BadRow {
        Value value = pairs.get(key);
        if (value == null || empty(value)) {
            return List.of();
        }
        if (!(value instanceof Sequence(List<Value> items, int _)) || items.size() > MAX_ITEMS) {
            throw new BadRow("its '" + key + "' is not a list of at most " + MAX_ITEMS + " texts");
        }
        List<String> texts = new ArrayList<>();
        for (Value item : items) {
            texts.add(text(Map.of(key, item), key));
        }
        return texts;
    }

    /** A key without a value. */
    private static boolean empty(Value value) {
        return value instanceof Text(String text, int _) && (text.isBlank() || text.equals("null"));
    }

    private static String name(Value row) {
        return row instanceof Mapping mapping && mapping.pairs().get("name") instanceof Text(String name, int _)
                ? name.substring(0, Math.min(name.length(), 128))
                : "";
    }

    private static GalleryException invalid(String why) {
        return new GalleryException(
                "gallery.invalid-index",
                ErrorKind.INVALID,
                "Could not read the gallery index: " + why + ".",
                "An index is a YAML list of backends.",
                null);
    }

    /** One row is wrong; stays inside this class. */
    private static final class BadRow extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        BadRow(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }
}
