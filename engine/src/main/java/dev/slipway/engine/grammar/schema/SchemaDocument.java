package dev.slipway.engine.grammar.schema;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A whole schema, in which references are looked up. Two documents are the same only if they are one. */
final class SchemaDocument {
    private final @Nullable Object value;
    private final int number;

    SchemaDocument(@Nullable Object value, int number) {
        this.value = value;
        this.number = number;
    }

    int number() {
        return number;
    }

    SchemaNode root() {
        return new SchemaNode(value, "#", this);
    }

    /** What a {@code $ref} means. */
    SchemaNode resolve(SchemaNode reference) {
        String target = reference.text();
        if (!target.equals("#") && !target.startsWith("#/")) {
            throw SchemaFault.unsupported(
                    reference.pointer(), "a reference to '" + target + "', which is no place of the same schema");
        }
        SchemaNode at = root();
        if (target.equals("#")) {
            return at;
        }
        for (String part : target.substring(2).split("/", -1)) {
            String name = decoded(reference, part);
            Optional<SchemaNode> next = step(at, name);
            at = next.orElseThrow(
                    () -> SchemaFault.invalid(reference.pointer(), "there is nothing at '" + target + "'"));
        }
        return at;
    }

    private static Optional<SchemaNode> step(SchemaNode from, String name) {
        return switch (from.value()) {
            case Map<?, ?> _ -> Optional.ofNullable(from.members().get(name));
            case List<?> list
            when name.matches("\\d{1,6}") && Integer.parseInt(name) < list.size() ->
                Optional.of(from.elements().get(Integer.parseInt(name)));
            case null -> Optional.empty();
            case Object _ -> Optional.empty();
        };
    }

    private static String decoded(SchemaNode reference, String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8)
                    .replace("~1", "/")
                    .replace("~0", "~");
        } catch (IllegalArgumentException e) {
            throw SchemaFault.invalid(reference.pointer(), "its percent signs are not followed by two digits");
        }
    }
}
