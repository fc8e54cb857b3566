package dev.slipway.engine.template;

/**
 * One token of a template.
 *
 * @param text the text of data, the name, the operator, the digits, or what a string literal says
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA("text"),
        OUTPUT_BEGIN("{{"),
        OUTPUT_END("}}"),
        BLOCK_BEGIN("{%"),
        BLOCK_END("%}"),
        NAME("a name"),
        STRING("a string"),
        INTEGER("a number"),
        FLOAT("a number"),
        OPERATOR("an operator"),
        END("the end of the template");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** How messages call this token. */
    String describe() {
        return switch (kind) {
            case NAME, OPERATOR, INTEGER, FLOAT -> "'" + text + "'";
            default -> kind.label;
        };
    }
}
