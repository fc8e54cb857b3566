package dev.slipway.engine.template;

/** What keeps a hostile template in bounds; all far above what real ones need. */
final class Limits {
    /** Longest template, in UTF-16 units. */
    static final int MAX_SOURCE = 1 << 20;

    /** Deepest nesting of brackets and of statements in a template. */
    static final int MAX_NESTING = 100;

    /** Deepest nesting of statements, expressions and macro calls while a template runs. */
    static final int MAX_DEPTH = 500;

    /** Deepest nesting of lists and dictionaries within a value. */
    static final int MAX_VALUE_DEPTH = 200;

    /** Most evaluation steps of one rendering. */
    static final int MAX_STEPS = 5_000_000;

    /** Longest text that a template may produce, in UTF-16 units. */
    static final int MAX_OUTPUT = 16 << 20;

    /** Characters that are read through in one step. */
    static final int CHARACTERS_PER_STEP = 100;

    /** How many units of text an element of a list counts for. */
    static final long UNITS_PER_ITEM = 32;

    /** Units of text that one rendering may make in all, intermediate results and elements of lists included. */
    static final long MAX_MATERIAL = 64L << 20;

    /** Most pieces or characters that one text is taken apart into. */
    static final int MAX_PARTS = 1_000_000;

    /** Most numbers of one {@code range}. */
    static final int MAX_RANGE = 100_000;

    private Limits() {}
}
