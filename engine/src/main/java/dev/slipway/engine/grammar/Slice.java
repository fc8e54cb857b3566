package dev.slipway.engine.grammar;

import java.util.Arrays;

/**
 * The tokens that consist of whole characters of one set, by number of characters. Where a text may go on with so many
 * characters of the set, these tokens are right without a look at any of them, and the walk through the others leaves
 * out the subtrees that hold nothing else.
 */
final class Slice {
    private static final int[] LEVELS = {1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32, 64, 250};
    private static final int NEVER = 255;
    private static final int BROKEN = -3;

    private final TokenSet[] upTo = new TokenSet[LEVELS.length];
    /** For each node, the most characters in any token of its subtree; {@link #NEVER} if one is of another kind. */
    private final byte[] longest;

    private final int tokens;

    Slice(TokenTrie trie, Unit unit) {
        int size = trie.size();
        longest = new byte[size];
        int[] states = new int[trie.deepest() + 1];
        int[] characters = new int[trie.deepest() + 1];
        TokenSet[] exactly = new TokenSet[LEVELS.length];
        Arrays.setAll(exactly, _ -> new TokenSet(trie.vocabularySize()));
        byte[] own = new byte[size];
        for (int node = 0; node < size; node++) {
            int depth = trie.depth(node);
            int before = states[depth - 1];
            int state = before == BROKEN ? Unit.DEAD : unit.next(before, trie.label(node));
            states[depth] = state == Unit.DEAD ? BROKEN : state == Unit.DONE ? 0 : state;
            characters[depth] = characters[depth - 1] + (state == Unit.DONE ? 1 : 0);
            if (trie.hasToken(node)) {
                boolean fits = state == Unit.DONE && characters[depth] <= LEVELS[LEVELS.length - 1];
                own[node] = (byte) (fits ? characters[depth] : NEVER);
                if (fits) {
                    trie.addTokens(node, exactly[levelAtLeast(characters[depth])]);
                }
            }
        }
        gather(trie, own);
        TokenSet sum = new TokenSet(trie.vocabularySize());
        for (int level = 0; level < LEVELS.length; level++) {
            sum.addAll(exactly[level]);
            upTo[level] = new TokenSet(trie.vocabularySize());
            upTo[level].copyOf(sum);
        }
        tokens = sum.size();
    }

    /** Takes the most over each subtree, from the last node to the first. */
    private void gather(TokenTrie trie, byte[] own) {
        for (int node = trie.size() - 1; node >= 0; node--) {
            int most = own[node] & 0xFF;
            for (int child = node + 1; child < trie.end(node); child = trie.end(child)) {
                most = Math.max(most, longest[child] & 0xFF);
            }
            longest[node] = (byte) most;
        }
    }

    private static int levelAtLeast(int characters) {
        int level = 0;
        while (LEVELS[level] < characters) {
            level++;
        }
        return level;
    }

    /** How many tokens of any length it has. */
    int tokens() {
        return tokens;
    }

    /** The number of characters up to which it can speak when this many may come; 0 for none. */
    static int reach(int characters) {
        int reach = 0;
        for (int level : LEVELS) {
            if (level <= characters) {
                reach = level;
            }
        }
        return reach;
    }

    /** Puts the tokens of at most so many characters into a set; the number is one that {@link #reach} gave. */
    void copyInto(TokenSet out, int reach) {
        out.copyOf(upTo[levelAtLeast(reach)]);
    }

    /** Whether a subtree holds only tokens of at most so many characters of the set. */
    boolean covers(int node, int reach) {
        return (longest[node] & 0xFF) <= reach;
    }
}
