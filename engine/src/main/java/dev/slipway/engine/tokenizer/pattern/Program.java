package dev.slipway.engine.tokenizer.pattern;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.pattern.Node.Greed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A regular expression as numbered instructions. The quick form runs over repeated characters in one instruction; the
 * stepwise form takes them one by one, so that each state is an instruction and a position and nothing else.
 */
final class Program {
    static final int MATCH = 0;
    static final int ONE = 1;
    static final int RUN = 2;
    static final int CHOICE = 3;
    static final int SPLIT = 4;
    static final int AHEAD = 5;
    static final int BEHIND = 6;
    static final int PLACE = 7;
    static final int LOOP = 8;

    private static final int MAX_INSTRUCTIONS = 20_000;
    private static final int ASCII = 128;
    private static final int[] NO_BRANCHES = {};

    /**
     * One instruction.
     *
     * @param set what one character must be in
     * @param next what follows
     * @param other where else to go, or the body of a look-ahead
     * @param least of a run
     * @param most of a run
     * @param flag possessive, or negative
     * @param branches of a choice, by ASCII character, the last for all others and for the end
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Instruction(
            int kind,
            CharacterSet set,
            int next,
            int other,
            int least,
            int most,
            boolean flag,
            int[][] branches,
            Node.Place place) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final boolean stepwise;

    private Program(boolean stepwise) {
        this.stepwise = stepwise;
    }

    /** The instructions; the last one is where to begin. */
    static Instruction[] of(Node node, boolean stepwise) {
        Program program = new Program(stepwise);
        int end = program.simple(MATCH, CharacterSet.NONE, 0, 0, false);
        int entry = program.compile(node, end);
        // Falls through to the entry, wherever that is.
        program.simple(SPLIT, CharacterSet.NONE, entry, -1, false);
        return program.instructions.toArray(Instruction[]::new);
    }

    /** The characters that a match can begin with, or {@link CharacterSet#ANY} where that is not plain to see. */
    static CharacterSet firstsOf(Node node) {
        return First.of(node);
    }

    /** Compiles backwards: what comes after is known already. */
    private int compile(Node node, int next) {
        return switch (node) {
            case Node.One(CharacterSet set) -> simple(ONE, set, next, -1, false);
            case Node.Sequence(List<Node> parts) -> {
                int after = next;
                for (Node part : parts.reversed()) {
                    after = compile(part, after);
                }
                yield after;
            }
            case Node.Choice(List<Node> branches) -> choice(branches, next);
            case Node.Repeat repeat -> repeat(repeat, next);
            case Node.Ahead(Node body, boolean negative) -> {
                int end = simple(MATCH, CharacterSet.NONE, 0, 0, false);
                yield simple(AHEAD, CharacterSet.NONE, next, compile(body, end), negative);
            }
            case Node.Behind(CharacterSet set, boolean negative) -> simple(BEHIND, set, next, -1, negative);
            case Node.Place place ->
                add(new Instruction(PLACE, CharacterSet.NONE, next, -1, 0, 0, false, new int[0][], place));
        };
    }

    private int choice(List<Node> nodes, int next) {
        int[] entries = new int[nodes.size()];
        CharacterSet[] firsts = new CharacterSet[nodes.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = compile(nodes.get(i), next);
            firsts[i] = First.of(nodes.get(i));
        }
        int[][] branches = new int[ASCII + 1][];
        for (int character = 0; character < ASCII; character++) {
            int[] possible = new int[entries.length];
            int count = 0;
            for (int i = 0; i < entries.length; i++) {
                if (firsts[i].contains(character)) {
                    possible[count++] = entries[i];
                }
            }
            branches[character] = count == 0 ? NO_BRANCHES : Arrays.copyOf(possible, count);
        }
        branches[ASCII] = entries;
        return add(new Instruction(CHOICE, CharacterSet.NONE, next, -1, 0, 0, false, branches, Node.Place.TEXT_START));
    }

    private int repeat(Node.Repeat repeat, int next) {
        if (!stepwise && repeat.greed() != Greed.LAZY && repeat.body() instanceof Node.One(CharacterSet set)) {
            return run(repeat, set, next);
        }
        int after = next;
        if (repeat.most() == Node.Repeat.UNBOUNDED) {
            after = loop(repeat, next);
        } else {
            for (int i = repeat.least(); i < repeat.most(); i++) {
                after = optional(repeat, after, next);
            }
        }
        for (int i = 0; i < repeat.least(); i++) {
            after = compile(repeat.body(), after);
        }
        return after;
    }

    private int run(Node.Repeat repeat, CharacterSet set, int next) {
        Instruction follower = instructions.get(next);
        // Giving back a character is no use when what follows cannot begin with one.
        boolean keepsAll = repeat.greed() == Greed.POSSESSIVE
                || follower.kind == MATCH
                || ((follower.kind == ONE || (follower.kind == RUN && follower.least > 0))
                        && set.isSurelyDisjoint(follower.set));
        return add(new Instruction(
                RUN, set, next, -1, repeat.least(), repeat.most(), keepsAll, new int[0][], Node.Place.TEXT_START));
    }

    private int loop(Node.Repeat repeat, int next) {
        if (repeat.body() instanceof Node.One(CharacterSet set) && repeat.greed() != Greed.LAZY) {
            return simple(LOOP, set, next, -1, repeat.greed() == Greed.POSSESSIVE);
        }
        int at = simple(SPLIT, CharacterSet.NONE, 0, 0, false);
        int body = compile(repeat.body(), at);
        boolean lazy = repeat.greed() == Greed.LAZY;
        instructions.set(at, split(lazy ? next : body, lazy ? body : next));
        return at;
    }

    private int optional(Node.Repeat repeat, int after, int next) {
        int body = compile(repeat.body(), after);
        return switch (repeat.greed()) {
            case GREEDY -> add(split(body, next));
            case LAZY -> add(split(next, body));
            // Once taken it is not given back: a look-ahead decides which way to go.
            case POSSESSIVE -> {
                CharacterSet set = ((Node.One) repeat.body()).set();
                Node not = new Node.Ahead(new Node.One(set), true);
                yield add(split(body, compile(not, next)));
            }
        };
    }

    private static Instruction split(int first, int second) {
        return new Instruction(
                SPLIT, CharacterSet.NONE, first, second, 0, 0, false, new int[0][], Node.Place.TEXT_START);
    }

    private int simple(int kind, CharacterSet set, int next, int other, boolean flag) {
        return add(new Instruction(kind, set, next, other, 0, 0, flag, new int[0][], Node.Place.TEXT_START));
    }

    private int add(Instruction instruction) {
        if (instructions.size() >= MAX_INSTRUCTIONS) {
            throw EngineException.invalid(
                    "engine.pattern-unsupported",
                    "A pattern of the tokenizer takes more than " + MAX_INSTRUCTIONS + " steps.",
                    "Use another conversion of the model; no known one needs so many.");
        }
        instructions.add(instruction);
        return instructions.size() - 1;
    }

    /** The characters that a match of a node can begin with; all of them where that is not plain to see. */
    private static final class First {
        private First() {}

        static CharacterSet of(Node node) {
            return switch (node) {
                case Node.One(CharacterSet set) -> set;
                case Node.Sequence(List<Node> parts) -> of(parts);
                case Node.Choice(List<Node> branches) ->
                    branches.stream().map(First::of).reduce(CharacterSet.NONE, CharacterSet::or);
                case Node.Repeat(Node body, int least, int _, Greed _) -> least == 0 ? CharacterSet.ANY : of(body);
                case Node.Ahead _, Node.Behind _, Node.Place _ -> CharacterSet.ANY;
            };
        }

        private static CharacterSet of(List<Node> parts) {
            CharacterSet all = CharacterSet.NONE;
            for (Node part : parts) {
                if (part instanceof Node.Repeat(Node body, int least, int _, Greed _) && least == 0) {
                    all = all.or(of(body));
                    continue;
                }
                return all.or(of(part));
            }
            return CharacterSet.ANY;
        }
    }
}
