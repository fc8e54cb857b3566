package dev.slipway.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GbnfParserTest {
    @Test
    void readsTextsAlternativesGroupsAndRepetitions() {
        Language language = Language.gbnf("""
                # a comment
                root ::= greeting " " ( name | "all" ) mark? "!"{2,3}   # another
                greeting ::= "hello" |
                   "good " "morning"
                name ::= [A-Z] [a-z]+
                mark ::= "," [0-9]*
                """);

        assertThat(language.accepts("hello all!!")).isTrue();
        assertThat(language.accepts("good morning Ann,42!!!")).isTrue();
        assertThat(language.accepts("hello Ann,!!")).isTrue();
        assertThat(language.accepts("hello ann!!")).isFalse();
        assertThat(language.accepts("hello A!!")).isFalse();
        assertThat(language.accepts("hello all!")).isFalse();
        assertThat(language.begins("hello all!!!!")).isFalse();
    }

    @Test
    void readsClassesAndEscapesOverAllOfUnicode() {
        Language language = Language.gbnf("""
                root ::= [^"\\\\\\x00-\\x1F] [\\u4e00-\\u9fff] "\\U0001F600" [\\]a-] . "\\t\\"\\\\"
                """);

        assertThat(language.accepts("é漢😀]\n\t\"\\")).isTrue();
        assertThat(language.accepts("x一😀-😀\t\"\\")).isTrue();
        assertThat(language.begins("\"")).isFalse();
        assertThat(language.begins("\u0007")).isFalse();
        assertThat(language.begins("éa")).isFalse();
    }

    @Test
    void neverLetsHalfACharacterOrASurrogateIn() {
        Language language = Language.gbnf("root ::= .*");

        assertThat(language.begins(new byte[] {(byte) 0xC3}, false)).isTrue();
        assertThat(language.begins(new byte[] {(byte) 0xC3}, true)).isFalse();
        assertThat(language.begins(new byte[] {(byte) 0xC0}, false)).isFalse();
        assertThat(language.begins(new byte[] {(byte) 0xED, (byte) 0xA0}, false))
                .isFalse();
        assertThat(language.begins(new byte[] {(byte) 0xE0, (byte) 0x80}, false))
                .isFalse();
        assertThat(language.begins(new byte[] {(byte) 0xF4, (byte) 0x90}, false))
                .isFalse();
        assertThat(language.begins(new byte[] {(byte) 0xF5}, false)).isFalse();
        assertThat(language.accepts("\u0000߿ࠀ\uFFFF\uD800\uDC00\uDBFF\uDFFF")).isTrue();
    }

    @Test
    void readsTheGrammarOfJsonAsOthersWriteIt() {
        Language json = Language.gbnf("""
                root   ::= object
                value  ::= object | array | string | number | ("true" | "false" | "null") ws
                object ::=
                  "{" ws (
                            string ":" ws value
                    ("," ws string ":" ws value)*
                  )? "}" ws
                array  ::=
                  "[" ws (
                            value
                    ("," ws value)*
                  )? "]" ws
                string ::=
                  "\\"" (
                    [^"\\\\\\x7F\\x00-\\x1F] |
                    "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4}) # escapes
                  )* "\\"" ws
                number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws
                # Optional space: by convention, applied in this grammar after literal chars when allowed
                ws ::= | " " | "\\n" [ \\t]{0,20}
                """);

        assertThat(json.accepts("{\"a\": [1, -2.5e+3, \"x\\n\\u00e9é\"], \"b\":{},\n  \"c\":null}"))
                .isTrue();
        assertThat(json.accepts("{\"a\":1")).isFalse();
        assertThat(json.begins("{\"a\":01")).isFalse();
        assertThat(json.begins("{a")).isFalse();
    }

    @Test
    void letsRulesCallThemselvesBehindABeginning() {
        Language balanced = Language.gbnf("root ::= \"(\" root? \")\"");
        Language list = Language.gbnf("root ::= item more\nmore ::= | \",\" item more\nitem ::= [a-c]");

        assertThat(balanced.accepts("((()))")).isTrue();
        assertThat(balanced.accepts("((())")).isFalse();
        assertThat(list.accepts("a" + ",b".repeat(5_000))).isTrue();
    }

    @Test
    void countsWithoutWritingOut() {
        Language huge = Language.gbnf("root ::= ([a-z]{2,1000000000} \"-\"?){0,1000000000} \"!\"");
        Language nothing = Language.gbnf("root ::= (\"a\"? | \"b\"*){5,1000000000} \"c\"{0}");

        assertThat(huge.accepts("abc-de-xyz!")).isTrue();
        assertThat(huge.accepts("abc-d-xyz!")).isFalse();
        assertThat(huge.accepts("!")).isTrue();
        assertThat(nothing.accepts("")).isTrue();
        assertThat(nothing.accepts("abba")).isTrue();
        assertThat(nothing.begins("c")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "root ::= \"a| line 1, column 10| not closed",
                "root ::= [a| line 1, column 10| not closed",
                "root ::= [z-a]| line 1, column 11| backwards",
                "root ::= other| line 1, column 10| 'other' is not defined",
                "roots ::= \"a\"| line 1, column 14| no rule 'root'",
                "root ::= (\"a\"| line 1, column 14| for the '(' at line 1, column 10",
                "root ::= \"a\")| line 1, column 13| expected the end of the rule",
                "root = \"a\"| line 1, column 6| expected '::='",
                "root ::= \"\\q\"| line 1, column 11| unknown escape",
                "root ::= \"\\ud800\"| line 1, column 11| no character",
                "root ::= \"a\"{3,2}| line 1, column 13| 3 to 2",
                "root ::= \"a\"{99999999999}| line 1, column 14| above",
                "root ::= <think>| line 1, column 10| found '<'",
                "root ::= ?| line 1, column 10| found '?'",
            })
    void saysWhereAGrammarIsWrong(String grammar, String where, String what) {
        assertThatThrownBy(() -> GbnfParser.parse(grammar))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        failure -> assertThat(failure.code()).isEqualTo("engine.invalid-grammar"))
                .hasMessageContaining(where)
                .hasMessageContaining(what);
    }

    @Test
    void countsLines() {
        assertThatThrownBy(() -> GbnfParser.parse("root ::= a\n\na ::= \"x\"\nroot ::= \"b\"\n"))
                .hasMessageContaining("line 4, column 1")
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= root \"a\" | \"a\"",
                "root ::= a\na ::= b? c\nb ::= \"x\"\nc ::= (\"y\"* a \"z\")+ | \"q\"",
                "root ::= \"\" root",
            })
    void refusesARuleThatBeginsWithItself(String grammar) {
        assertThatThrownBy(() -> Language.gbnf(grammar)).hasMessageContaining("begins with itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root ::= \"a\" root", "root ::= []", "root ::= \"a\" b\nb ::= \"c\" b | [] | \"d\" b"})
    void refusesARuleThatNeverEnds(String grammar) {
        assertThatThrownBy(() -> Language.gbnf(grammar)).hasMessageContaining("never comes to an end");
    }
}
