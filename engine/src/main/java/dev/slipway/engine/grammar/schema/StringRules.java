package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Choice;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.Expression.Sequence;
import dev.slipway.engine.grammar.Expression.Text;
import dev.slipway.engine.grammar.UnitPool;
import java.util.List;
import java.util.Optional;

/** Strings by length, pattern and format. */
final class StringRules {
    private StringRules() {}

    /** Strings as JSON writes them. */
    static Expression of(Demand demand, UnitPool units) {
        return sequence(text("\""), content(demand, units, AnyJson.CHARACTER), text("\""));
    }

    /**
     * What stands between the quotes.
     *
     * @param units how a character out of a set is written
     * @param any any character
     */
    static Expression content(Demand demand, UnitPool units, Expression any) {
        int least = demand.keyword("minLength").map(SchemaNode::count).orElse(0);
        int most = demand.keyword("maxLength").map(SchemaNode::count).orElse(Expression.UNLIMITED);
        if (most != Expression.UNLIMITED && most < least) {
            return Expression.NOTHING;
        }
        Optional<SchemaNode> pattern = demand.keyword("pattern");
        Optional<SchemaNode> format = demand.keyword("format");
        if (pattern.isPresent() && format.isPresent()) {
            throw SchemaFault.unsupported(pattern.get().pointer(), "a pattern beside a format");
        }
        if (pattern.isEmpty() && format.isEmpty()) {
            return new Repeat(any, least, most);
        }
        SchemaNode node = pattern.orElseGet(format::get);
        String regex = pattern.isPresent() ? node.text() : Formats.pattern(node);
        return limited(Regex.parse(regex, node.pointer(), units), new Length(least, most), node);
    }

    /** A number of characters; {@code most} may be {@link Expression#UNLIMITED}. */
    private record Length(long least, long most) {
        boolean within(Length other) {
            return least >= other.least
                    && (other.most == Expression.UNLIMITED || (most != Expression.UNLIMITED && most <= other.most));
        }

        Length plus(Length other) {
            boolean limited = most != Expression.UNLIMITED && other.most != Expression.UNLIMITED;
            return new Length(cut(least + other.least), limited ? cut(most + other.most) : Expression.UNLIMITED);
        }

        Length or(Length other) {
            boolean limited = most != Expression.UNLIMITED && other.most != Expression.UNLIMITED;
            return new Length(
                    Math.min(least, other.least), limited ? Math.max(most, other.most) : Expression.UNLIMITED);
        }

        Length times(int min, int max) {
            boolean limited = max == 0 || most == 0 || (most != Expression.UNLIMITED && max != Expression.UNLIMITED);
            long upper = max == 0 || most == 0 ? 0 : cut(most * max);
            return new Length(cut(least * min), limited ? upper : Expression.UNLIMITED);
        }

        private static long cut(long length) {
            return Math.min(length, Integer.MAX_VALUE);
        }
    }

    /** Keeps a pattern's texts within a length, where that needs no counting across its parts. */
    private static Expression limited(Expression content, Length wanted, SchemaNode node) {
        if (length(content).within(wanted)) {
            return content;
        }
        if (content instanceof Repeat(One one, int min, int max)) {
            int least = (int) Math.max(min, wanted.least);
            int most = max == Expression.UNLIMITED
                    ? (int) wanted.most
                    : wanted.most == Expression.UNLIMITED ? max : (int) Math.min(max, wanted.most);
            return most != Expression.UNLIMITED && most < least ? Expression.NOTHING : new Repeat(one, least, most);
        }
        throw SchemaFault.unsupported(
                node.pointer(), "minLength or maxLength beside a pattern or format that does not keep them by itself");
    }

    private static Length length(Expression expression) {
        return switch (expression) {
            case One _ -> new Length(1, 1);
            case Text(String text) -> new Length(text.length(), text.length());
            case Sequence(List<Expression> parts) -> {
                Length sum = new Length(0, 0);
                for (Expression part : parts) {
                    sum = sum.plus(length(part));
                }
                yield sum;
            }
            case Choice(List<Expression> parts) ->
                parts.stream().map(StringRules::length).reduce(Length::or).orElse(new Length(0, 0));
            case Repeat(Expression body, int min, int max) -> length(body).times(min, max);
            case Rule _ -> new Length(0, Expression.UNLIMITED);
        };
    }
}
