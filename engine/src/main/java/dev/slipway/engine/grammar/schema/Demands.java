package dev.slipway.engine.grammar.schema;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Resolves references and combinations: a schema becomes the alternatives that satisfy it, each a plain demand. */
final class Demands {
    private static final int MOST_ALTERNATIVES = 512;
    private static final int DEEPEST = 60;

    /** Keywords that restrict values in ways no grammar here can keep. */
    private static final Set<String> REFUSED = Set.of(
            "not",
            "if",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "contains",
            "minContains",
            "maxContains",
            "$dynamicRef",
            "$recursiveRef");

    private static final Set<String> COMBINATIONS = Set.of("$ref", "allOf", "anyOf", "oneOf");

    private final Effort effort;
    private int depth;

    Demands(Effort effort) {
        this.effort = effort;
    }

    /** The alternatives of a schema; none when no value satisfies it. */
    List<Demand> of(SchemaNode node) {
        return of(node, Set.of());
    }

    private List<Demand> of(SchemaNode node, Set<String> references) {
        if (node.isFalse()) {
            return List.of();
        }
        if (node.isTrue()) {
            return List.of(new Demand(JsonType.all(), null, Map.of(), Map.of(), List.of(), node.pointer()));
        }
        if (++depth > DEEPEST) {
            throw SchemaFault.unsupported(node.pointer(), "combinations nested more than " + DEEPEST + " deep");
        }
        effort.spend(Effort.STEP);
        Map<String, SchemaNode> members = node.members();
        List<Demand> found = List.of(plain(node, members));
        SchemaNode reference = members.get("$ref");
        if (reference != null) {
            found = product(found, referred(reference, references), node);
        }
        for (SchemaNode part : elements(members, "allOf")) {
            found = product(found, of(part, references), node);
        }
        if (members.containsKey("anyOf")) {
            List<Demand> any = new ArrayList<>();
            elements(members, "anyOf").forEach(part -> any.addAll(of(part, references)));
            found = product(found, any, node);
        }
        if (members.containsKey("oneOf")) {
            List<List<Demand>> parts = new ArrayList<>();
            for (SchemaNode part : elements(members, "oneOf")) {
                List<Demand> alternatives = of(part, references);
                parts.add(product(found, alternatives, node));
            }
            new Disjointness(this, effort).check(parts, members.get("oneOf"));
            found = parts.stream().flatMap(List::stream).toList();
        }
        depth--;
        return found;
    }

    private List<Demand> referred(SchemaNode reference, Set<String> references) {
        SchemaNode target = reference.document().resolve(reference);
        Set<String> more = new HashSet<>(references);
        if (!more.add(target.pointer())) {
            throw SchemaFault.invalid(reference.pointer(), "the reference leads back to itself");
        }
        return of(target, more);
    }

    private static List<SchemaNode> elements(Map<String, SchemaNode> members, String name) {
        SchemaNode list = members.get(name);
        return list == null ? List.of() : list.elements();
    }

    private List<Demand> product(List<Demand> left, List<Demand> right, SchemaNode node) {
        List<Demand> product = new ArrayList<>();
        for (Demand a : left) {
            for (Demand b : right) {
                effort.spend(Effort.of(a, b));
                a.and(b).ifPresent(product::add);
                if (product.size() > MOST_ALTERNATIVES) {
                    throw SchemaFault.unsupported(
                            node.pointer(), "more than " + MOST_ALTERNATIVES + " combinations of alternatives");
                }
            }
        }
        return product;
    }

    /** Whether a schema is nothing but a reference. */
    static Optional<SchemaNode> onlyReference(SchemaNode node) {
        if (!(node.value() instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        Map<String, SchemaNode> members = node.members();
        SchemaNode reference = members.get("$ref");
        boolean alone = members.keySet().stream()
                .noneMatch(name ->
                        !name.equals("$ref") && (REFUSED.contains(name) || COMBINATIONS.contains(name) || known(name)));
        return reference != null && alone ? Optional.of(reference) : Optional.empty();
    }

    private static boolean known(String name) {
        boolean ofType = false;
        for (JsonType type : JsonType.values()) {
            ofType |= type.keywords().contains(name);
        }
        return ofType
                || Set.of("type", "enum", "const", "nullable", "uniqueItems").contains(name);
    }

    private static Demand plain(SchemaNode node, Map<String, SchemaNode> members) {
        refuse(members);
        Map<String, SchemaNode> keywords = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (known(name)
                    && !Set.of("type", "enum", "const", "nullable", "uniqueItems")
                            .contains(name)) {
                keywords.put(name, value);
            }
        });
        SchemaNode listed = keywords.get("items");
        if (listed != null && listed.value() instanceof List<?>) {
            // Drafts up to 2019-09 wrote it this way.
            keywords.put("prefixItems", listed);
            SchemaNode rest = keywords.remove("additionalItems");
            keywords.remove("items");
            if (rest != null) {
                keywords.put("items", rest);
            }
        }
        keywords.remove("additionalItems");
        SchemaNode properties = keywords.get("properties");
        SchemaNode prefix = keywords.get("prefixItems");
        return new Demand(
                types(members),
                values(members),
                keywords,
                properties == null ? Map.of() : properties.members(),
                prefix == null ? List.of() : prefix.elements(),
                node.pointer());
    }

    private static void refuse(Map<String, SchemaNode> members) {
        members.forEach((name, value) -> {
            boolean restricts = name.equals("uniqueItems") && value.isTrue();
            boolean rest = name.startsWith("unevaluated") && !(value.value() instanceof Boolean);
            if (REFUSED.contains(name) || restricts || rest) {
                throw SchemaFault.unsupported(value.pointer(), "the keyword " + name);
            }
        });
    }

    private static EnumSet<JsonType> types(Map<String, SchemaNode> members) {
        SchemaNode type = members.get("type");
        if (type == null) {
            return JsonType.all();
        }
        EnumSet<JsonType> types = EnumSet.noneOf(JsonType.class);
        if (type.value() instanceof List<?>) {
            type.elements().forEach(name -> types.add(JsonType.named(name)));
        } else {
            types.add(JsonType.named(type));
        }
        if (types.isEmpty()) {
            throw SchemaFault.invalid(type.pointer(), "it names no type");
        }
        SchemaNode nullable = members.get("nullable");
        if (nullable != null && nullable.truth()) {
            types.add(JsonType.NULL);
        }
        if (types.contains(JsonType.NUMBER)) {
            types.remove(JsonType.INTEGER);
        }
        return types;
    }

    private static @Nullable List<@Nullable Object> values(Map<String, SchemaNode> members) {
        SchemaNode listed = members.get("enum");
        SchemaNode constant = members.get("const");
        if (listed == null && constant == null) {
            return null;
        }
        List<@Nullable Object> values = new ArrayList<>();
        if (constant != null) {
            values.add(constant.value());
        }
        if (listed != null) {
            List<@Nullable Object> given = new ArrayList<>();
            listed.elements().forEach(element -> given.add(element.value()));
            if (constant == null) {
                return given;
            }
            values.removeIf(value -> given.stream().noneMatch(one -> JsonValues.same(one, value)));
        }
        return values;
    }
}
