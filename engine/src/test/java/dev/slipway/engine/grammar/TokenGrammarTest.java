package dev.slipway.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenGrammarTest {
    private static final FakeVocabulary VOCABULARY = FakeVocabulary.random(4_000, 7);
    private static final TokenTrie TRIE = new TokenTrie(VOCABULARY);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= .*",
                "root ::= \"\\\"\" [^\"\\\\\\x00-\\x1f]* \"\\\"\"",
                "root ::= \"\\\"\" [^\"\\\\\\x00-\\x1f]{3,9} \"\\\"\"",
                "root ::= \"\\\"\" [a-zé]{0,400} \"\\\"\"",
                "root ::= \"[\" ( \"\\\"\" ([^\"\\\\] | \"\\\\\" [nu\"])* \"\\\"\" \",\"? )+ \"]\"",
                "root ::= \"[\" ( \"\\\"\" ([^\"\\\\] | \"\\\\\" [nu\"]){2,12} \"\\\"\" \",\"? )+ \"]\"",
                "root ::= v\nv ::= \"{\" (v (\",\" v)*)? \"}\" | [0-9]+ | \"\\\"\" c* \"\\\"\"\nc ::= [^\"\\\\] | \"\\\\\" .",
                "root ::= ([a-z] | \"the\" | \"thename\"){1,40} [漢😀é]*",
                "root ::= (.* \"the\" | [^x]* \"name\")",
            })
    void allowsExactlyTheTokensWhoseBytesMayCome(String grammar) {
        Rules rules = GbnfParser.parse(grammar);
        Program program = Program.of(rules);
        TokenGrammar compiled = new CompiledGrammar(rules, TRIE);
        Machine plain = new Machine(program);
        Random random = new Random(grammar.hashCode());
        TokenSet allowed = new TokenSet(VOCABULARY.vocabularySize());
        for (int answer = 0; answer < 4; answer++) {
            TokenGrammar.Run run = compiled.newRun();
            Configuration at = plain.start();
            for (int step = 0; step < 25; step++) {
                run.allowed(allowed);
                Configuration here = at;
                int[] expected = IntStream.range(2, VOCABULARY.vocabularySize())
                        .filter(token -> !plain.isDead(after(plain, program, here, VOCABULARY.bytesOf(token))))
                        .toArray();
                assertThat(allowed.toArray()).as("after %s tokens", step).isEqualTo(expected);
                assertThat(run.mayEnd()).isEqualTo(at.whole);
                if (expected.length == 0) {
                    assertThat(run.mustEnd()).isTrue();
                    break;
                }
                int token = expected[random.nextInt(expected.length)];
                run.accept(token);
                at = after(plain, program, at, VOCABULARY.bytesOf(token));
            }
        }
    }

    private static Configuration after(Machine machine, Program program, Configuration from, byte[] bytes) {
        machine.beginOperation();
        Configuration at = from;
        for (byte value : bytes) {
            at = machine.step(at, program.byteClasses()[value & 0xFF]);
        }
        return at;
    }

    @Test
    void neverAllowsControlTokensOrTheEndAsText() {
        TokenGrammar grammar = new CompiledGrammar(GbnfParser.parse("root ::= \"true\" | \"<end>\" | .*"), TRIE);
        TokenSet allowed = new TokenSet(VOCABULARY.vocabularySize());
        grammar.newRun().allowed(allowed);

        assertThat(allowed.contains(FakeVocabulary.CONTROL)).isFalse();
        assertThat(allowed.contains(FakeVocabulary.END)).isFalse();
        assertThat(allowed.size()).isGreaterThan(3_000);
    }

    @Test
    void endsWithinTheLimitWheneverThatIsPossible() {
        TokenGrammar grammar = new CompiledGrammar(GbnfParser.parse("""
                root ::= value
                value ::= "{" string ":" value ("," string ":" value)* "}" | "[" value{3,} "]" | string | "null"
                string ::= "\\"" ([^"\\\\] | "\\\\" ["\\\\n] | "\\\\u" [0-9]{4}){2,} "\\""
                """), TRIE);
        Random random = new Random(5);

        for (int tokens = 4; tokens < 160; tokens++) {
            String text = Language.sample(grammar, VOCABULARY, tokens, random);
            assertThat(text)
                    .satisfiesAnyOf(
                            end -> assertThat(end).endsWith("}"),
                            end -> assertThat(end).endsWith("]"),
                            end -> assertThat(end).endsWith("\""),
                            end -> assertThat(end).isEqualTo("null"));
        }
    }

    @Test
    void forgetsAndGoesOn() {
        TokenGrammar grammar = new CompiledGrammar(
                GbnfParser.parse("root ::= (\"a\"{1,100} [b-y]{1,1000} \"z\"{0,100} \"-\"){1,100000} \"!\""), TRIE);
        String text = ("aaa" + "bcdefgh".repeat(100) + "zz-").repeat(60) + "!";
        TokenGrammar.Run run = grammar.newRun();
        TokenSet allowed = new TokenSet(VOCABULARY.vocabularySize());

        for (int token : VOCABULARY.encode(text, false)) {
            run.allowed(allowed);
            assertThat(allowed.contains(token)).isTrue();
            run.accept(token);
        }

        assertThat(run.mustEnd()).isTrue();
    }

    @Test
    void sortsTokensOfEqualBytesTogether() {
        FakeVocabulary twice = new FakeVocabulary(List.of(bytes("ab"), bytes("a"), bytes("ab"), bytes("abc")));
        TokenGrammar grammar = new CompiledGrammar(GbnfParser.parse("root ::= \"ab\""), new TokenTrie(twice));
        TokenSet allowed = new TokenSet(twice.vocabularySize());

        grammar.newRun().allowed(allowed);

        assertThat(Arrays.stream(allowed.toArray())).containsExactly(2 + 'a', 258, 259, 260);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
