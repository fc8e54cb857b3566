package dev.slipway.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Asks grammars in tests what belongs to them. */
public final class Language {
    private static final FakeVocabulary BYTES = FakeVocabulary.bytes();
    private static final TokenTrie TRIE = new TokenTrie(BYTES);

    private final TokenGrammar grammar;

    private Language(Rules rules) {
        this.grammar = new CompiledGrammar(rules, TRIE);
    }

    public static Language of(Rules rules) {
        return new Language(rules);
    }

    static Language gbnf(String text) {
        return new Language(GbnfParser.parse(text));
    }

    /** Whether a text belongs to the grammar, read byte by byte through the masks. */
    public boolean accepts(String text) {
        return begins(text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** Whether some text of the grammar begins like this. */
    boolean begins(String text) {
        return begins(text.getBytes(StandardCharsets.UTF_8), false);
    }

    boolean begins(byte[] bytes, boolean whole) {
        TokenGrammar.Run run = grammar.newRun();
        TokenSet allowed = new TokenSet(BYTES.vocabularySize());
        for (byte value : bytes) {
            run.allowed(allowed);
            int token = 2 + (value & 0xFF);
            if (!allowed.contains(token)) {
                return false;
            }
            run.accept(token);
        }
        return !whole || run.mayEnd();
    }

    /** A random text of a grammar, made of random allowed tokens and ended within so many. */
    public static String sample(TokenGrammar grammar, FakeVocabulary vocabulary, int tokens, Random random) {
        TokenGrammar.Run run = grammar.newRun();
        TokenSet allowed = new TokenSet(vocabulary.vocabularySize());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int left = tokens; !run.mustEnd(); left--) {
            run.allowed(allowed);
            run.keepWithin(allowed, left);
            int[] ids = allowed.toArray();
            if (run.mayEnd() && (ids.length == 0 || random.nextInt(8) == 0)) {
                break;
            }
            assertThat(ids).as("tokens after %s", text).isNotEmpty();
            assertThat(left).as("tokens left after %s", text).isPositive();
            int token = ids[random.nextInt(ids.length)];
            run.accept(token);
            text.writeBytes(vocabulary.bytesOf(token));
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
