package dev.slipway.gallery.index;

import dev.slipway.base.ErrorKind;
import dev.slipway.gallery.GalleryException;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML document as maps, lists and texts, with aliases followed and merge keys ({@code <<}) applied.
 *
 * <p>Made here from the parser's events, because merge keys belong to YAML 1.1 and the libraries' trees leave them
 * alone. An alias shares its target, so small documents cannot grow into large trees.
 *
 * @see <a href="https://yaml.org/type/merge.html">YAML merge key type</a>
 */
final class YamlTree {
    static final int MAX_DEPTH = 16;
    /** Pairs that all merges together may copy. */
    static final int MAX_MERGED = 200_000;

    private static final String MERGE = "<<";

    private final Iterator<Event> events;
    private final Map<Anchor, Value> anchors = new HashMap<>();
    private int merged;

    /** A node. */
    sealed interface Value {
        /** Where it begins, counted from 1. */
        int line();
    }

    record Text(String text, int line) implements Value {}

    record Sequence(List<Value> items, int line) implements Value {}

    record Mapping(Map<String, Value> pairs, int line) implements Value {}

    private YamlTree(Iterator<Event> events) {
        this.events = events;
    }

    /** Reads the first document. */
    static Optional<Value> read(byte[] yaml) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel("index")
                .setCodePointLimit(yaml.length + 1)
                .build();
        try {
            YamlTree tree = new YamlTree(new Parse(settings)
                    .parseInputStream(new ByteArrayInputStream(yaml))
                    .iterator());
            return tree.document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw invalid(line, e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw invalid(0, String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<Value> document() {
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case StreamStart, DocumentStart, Comment -> {}
                case StreamEnd, DocumentEnd -> {
                    return Optional.empty();
                }
                default -> {
                    return Optional.of(value(event, 0));
                }
            }
        }
        return Optional.empty();
    }

    private Value value(Event event, int depth) {
        int line = line(event);
        if (depth > MAX_DEPTH) {
            throw invalid(line, "more than " + MAX_DEPTH + " levels", null);
        }
        if (event instanceof AliasEvent alias) {
            Value target = anchors.get(alias.getAlias());
            if (target == null) {
                throw invalid(line, "alias *" + alias.getAlias() + " has no anchor before it", null);
            }
            return target;
        }
        Value value = switch (event) {
            case ScalarEvent scalar -> new Text(scalar.getValue(), line);
            case MappingStartEvent _ -> mapping(line, depth);
            default -> sequence(line, depth);
        };
        // Only now, so that nothing holds itself.
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, value));
        return value;
    }

    private Sequence sequence(int line, int depth) {
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Sequence(items, line);
    }

    private Mapping mapping(int line, int depth) {
        Map<String, Value> own = new LinkedHashMap<>();
        List<Value> sources = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(event instanceof ScalarEvent key)) {
                throw invalid(line(event), "a key that is not a text", null);
            }
            Value value = value(events.next(), depth + 1);
            if (key.getValue().equals(MERGE)) {
                sources.add(value);
            } else if (own.put(key.getValue(), value) != null) {
                throw invalid(line(event), "the key '" + key.getValue() + "' stands twice", null);
            }
            key.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Text(key.getValue(), line(key))));
        }
        sources.forEach(source -> merge(own, source));
        return new Mapping(own, line);
    }

    /** What is there already wins; in a list of sources, the earlier. Sources have had their own merges already. */
    private void merge(Map<String, Value> into, Value source) {
        switch (source) {
            case Mapping mapping -> {
                merged += mapping.pairs().size();
                if (merged > MAX_MERGED) {
                    throw invalid(mapping.line(), "merge keys copy more than " + MAX_MERGED + " pairs", null);
                }
                mapping.pairs().forEach(into::putIfAbsent);
            }
            case Sequence sequence -> {
                for (Value item : sequence.items()) {
                    if (!(item instanceof Mapping)) {
                        throw invalid(item.line(), "a merge key takes mappings", null);
                    }
                    merge(into, item);
                }
            }
            case Text text -> throw invalid(text.line(), "a merge key takes mappings", null);
        }
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static GalleryException invalid(int line, String what, @Nullable Throwable cause) {
        return new GalleryException(
                "gallery.invalid-index",
                ErrorKind.INVALID,
                "Could not read the gallery index: " + (line > 0 ? "line " + line + ": " : "") + what + ".",
                "",
                cause);
    }
}
