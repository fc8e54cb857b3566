package dev.slipway.engine.tokenizer.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * A compiled regular expression that cuts a text. Safe for use by many threads.
 *
 * <p>Matching is the usual trying of one way after another, as it is quickest on real texts. When it has taken more steps
 * than real texts ever need, it begins to remember what has failed where, so that no pattern takes more than linear time
 * on any text.
 */
public final class SplitPattern {
    final Program.Instruction[] quick;
    final Program.Instruction[] stepwise;

    /** What a match can begin with; all characters where it can be empty. */
    final CharacterSet firsts;

    private SplitPattern(Node node) {
        quick = Program.of(node, false);
        stepwise = Program.of(node, true);
        firsts = Program.firstsOf(node);
    }

    /**
     * Compiles a regular expression.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.pattern-unsupported} when it is malformed or uses what
     *     is not known here
     */
    public static SplitPattern compile(String pattern) {
        return new SplitPattern(PatternParser.parse(pattern));
    }

    /** Matches exactly that text, which is not empty. */
    public static SplitPattern literal(String text) {
        List<Node> parts = new ArrayList<>();
        text.codePoints().forEach(codePoint -> parts.add(new Node.One(CharacterSet.of(codePoint))));
        return new SplitPattern(new Node.Sequence(parts));
    }

    /** Begins to look for matches in {@code text[from, to)}; nothing outside of it is seen. */
    public MatchFinder finder(String text, int from, int to) {
        return new MatchFinder(this, text, from, to);
    }
}
