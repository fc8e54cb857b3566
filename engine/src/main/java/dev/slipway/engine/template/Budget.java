package dev.slipway.engine.template;

/** Counts what one rendering has used up, and ends it at the {@link Limits}. */
final class Budget {
    private int steps;
    private int depth;
    private long material;

    /** Counts one step. */
    void step() {
        if (++steps > Limits.MAX_STEPS || steps < 0) {
            throw TemplateFault.limit("it takes more than " + Limits.MAX_STEPS + " steps");
        }
    }

    /** Counts the steps of reading through a text. */
    void read(Text text) {
        steps += text.length() / Limits.CHARACTERS_PER_STEP;
        step();
    }

    /** Goes one level down; every call is followed by {@link #leave}, failing renderings apart. */
    void enter() {
        step();
        if (++depth > Limits.MAX_DEPTH) {
            throw TemplateFault.limit("it is nested more than " + Limits.MAX_DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    /** Counts elements of lists before they are made. */
    void chargeItems(long items) {
        charge(Math.multiplyExact(items, Limits.UNITS_PER_ITEM));
    }

    /** Counts units of text before they are made. */
    void charge(long units) {
        material += units;
        if (units > Limits.MAX_OUTPUT || material > Limits.MAX_MATERIAL) {
            throw TemplateFault.limit("it makes more text than the allowed " + Limits.MAX_OUTPUT + " characters");
        }
    }

    /** Counts a text that was made, and passes it on. */
    String charged(String text) {
        charge(text.length());
        return text;
    }

    /** Counts a text that was made, and passes it on. */
    Text charged(Text text) {
        charge(text.length());
        return text;
    }
}
