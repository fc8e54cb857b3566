package dev.slipway.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.engine.EngineException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates that want all the time or memory there is end soon, with an error that says which limit they met. */
class HostileTemplateTest {
    private static final String R = "range(100000)";

    static Stream<Arguments> templates() {
        return Stream.of(
                hostile("endless loops", "{% for a in " + R + " %}{% for b in " + R + " %}{% endfor %}{% endfor %}"),
                hostile("endless recursion", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
                hostile(
                        "recursion of two",
                        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}"),
                hostile("recursion in arguments", "{% macro a(x) %}{{ a(a(x) ~ 'y') }}{% endmacro %}{{ a('') }}"),
                hostile("huge output", "{% for a in " + R + " %}{{ 'x' * 1000 }}{% endfor %}"),
                hostile("string multiplication", "{{ 'x' * 1000000000000 }}"),
                hostile("list multiplication", "{{ ([0] * 1000000000)|length }}"),
                hostile(
                        "doubling",
                        "{% set n = namespace(s='x') %}{% for i in " + R + " %}{% set n.s = n.s ~ n.s %}{% endfor %}"),
                hostile(
                        "doubling a list",
                        "{% set n = namespace(s=[1]) %}{% for i in " + R + " %}{% set n.s = n.s + n.s %}{% endfor %}"),
                hostile("replacing nothing by much", "{{ ('a' * 100000).replace('', 'b' * 100000) }}"),
                hostile("joining", "{{ " + R + "|join('x' * 10000) }}"),
                hostile("centering", "{{ 'x'.center(9999999999) }}"),
                hostile("zero filling", "{{ 'x'.zfill(9999999999) }}"),
                hostile("the filter center", "{{ 'x'|center(2000000000) }}"),
                hostile("a wide format", "{% for i in " + R + " %}{{ '%9999s' % 'x' }}{% endfor %}"),
                hostile("indenting", "{{ ('\n' * 100000)|indent(100000) }}"),
                hostile("indented JSON", "{{ " + R + "|list|tojson(indent='x' * 10000) }}"),
                hostile("a row filled up", "{{ [1]|batch(10000000000, 0)|list|length }}"),
                hostile(
                        "a deep value",
                        "{% set n = namespace(v=[]) %}{% for i in range(9999) %}{% set n.v = [n.v] %}{% endfor %}{{ n.v }}"),
                hostile(
                        "deep JSON",
                        "{% set n = namespace(v={}) %}{% for i in range(9999) %}{% set n.v = {'k': n.v} %}{% endfor %}"
                                + "{{ n.v|tojson }}"),
                hostile(
                        "comparing deep values",
                        "{% set n = namespace(v=[], w=[]) %}{% for i in range(9999) %}{% set n.v = [n.v] %}"
                                + "{% set n.w = [n.w] %}{% endfor %}{{ n.v == n.w }}"),
                hostile(
                        "a value printed over and over",
                        "{% set n = namespace(v=['x' * 100]) %}{% for i in range(30) %}{% set n.v = [n.v, n.v] %}{% endfor %}"
                                + "{{ n.v }}"),
                hostile(
                        "a value compared over and over",
                        "{% set n = namespace(v=[1], w=[1]) %}{% for i in range(60) %}{% set n.v = [n.v, n.v] %}"
                                + "{% set n.w = [n.w, n.w] %}{% endfor %}{{ n.v == n.w }}"),
                hostile("a large power", "{{ 10 ** 1000000000 }}"),
                hostile(
                        "slicing over and over",
                        "{% set s = 'x' * 1000000 %}{% for i in " + R + " %}{% set t = s[1:] %}{% endfor %}"),
                hostile(
                        "splitting over and over",
                        "{% set s = 'x ' * 1000000 %}{% for i in " + R + " %}{% set t = s.split() %}{% endfor %}"),
                hostile(
                        "casing over and over",
                        "{% set s = 'x' * 1000000 %}{% for i in " + R + " %}{% set t = s|upper %}{% endfor %}"),
                hostile(
                        "looking over and over",
                        "{% set s = 'x' * 1000000 %}{% for i in " + R + " %}{% set t = s|trim|length %}{% endfor %}"),
                hostile(
                        "searching over and over",
                        "{% set s = 'x' * 1000000 %}{% for i in " + R + " %}{% set t = 'y' in s %}{% endfor %}"),
                hostile(
                        "listing over and over",
                        "{% set s = " + R + " %}{% for i in " + R + " %}{% set t = s|list %}{% endfor %}"),
                hostile("unique", "{{ " + R + "|unique|list|length }}"),
                hostile("deep brackets", "{{ " + "(".repeat(100_000) + ")".repeat(100_000) + " }}"),
                hostile("deep lists", "{{ " + "[".repeat(100_000)),
                hostile("deep negation", "{{ " + "not ".repeat(100_000) + "x }}"),
                hostile("deep signs", "{{ " + "-".repeat(100_000) + "1 }}"),
                hostile("deep statements", "{% if 1 %}".repeat(100_000)),
                hostile("a long sum", "{{ 1" + " + 1".repeat(100_000) + " }}"),
                hostile("many filters", "{{ 1" + "|string".repeat(100_000) + " }}"),
                hostile("many members", "{{ x" + ".y".repeat(100_000) + " }}"),
                hostile("many conditions", "{{ 1" + " if 1 else 1".repeat(50_000) + " }}"),
                hostile("a long template", "x".repeat(2_000_000)));
    }

    private static Arguments hostile(String what, String template) {
        return Arguments.of(what, template);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("templates")
    void endsSoonWithAnError(String what, String template) {
        EngineException error = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(15),
                () -> catchThrowableOfType(
                        EngineException.class,
                        () -> ChatTemplate.parse(template).render(Map.of())));
        assertThat(error).as(what).isNotNull();
        assertThat(error.code()).matches("engine\\.template-(limit|error)");
    }

    @Test
    void littleMemoryIsEnoughForTemplatesThatWantMuch() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx400m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HungryTemplates.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("engine.template-limit").doesNotContain("OUT OF MEMORY", "Exception in thread");
        assertThat(program.exitValue()).as(output).isZero();
    }

    @Test
    void aVirtualThreadHasStackEnoughForWhatIsAllowed() throws InterruptedException {
        List<Object> outcome = new ArrayList<>();
        String deepest =
                "{% macro m(n) %}{% if n %}{% for i in [1] %}{{ (((m(n - 1)))) }}{% endfor %}{% endif %}{% endmacro %}"
                        + "{{ m(40) }}done";
        Thread thread = Thread.startVirtualThread(
                () -> outcome.add(ChatTemplate.parse(deepest).render(Map.of())));
        thread.join(Duration.ofSeconds(15));
        assertThat(outcome).containsExactly("done");
    }

    @Test
    void randomTemplatesGiveTextOrAnErrorAndNothingElse() {
        fuzz(99, 20_000);
    }

    @Tag("stress")
    @Test
    void randomTemplatesForLong() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        fuzz(seed, 3_000_000);
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        String[] bricks = {
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "+",
            " if ",
            " else ",
            " endif ",
            " for ",
            " in ",
            " endfor ",
            " set ",
            "x",
            "messages",
            "[0]",
            "['a']",
            ".role",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            "\"",
            "\\",
            "|",
            "join",
            "tojson",
            " is ",
            "defined",
            "not ",
            "and ",
            "==",
            "=",
            ",",
            ":",
            "1",
            "0",
            ".5",
            "~",
            "\n",
            " ",
            "macro m()",
            "endmacro",
            "raw",
            "endraw",
            "*",
            "**",
            "namespace()",
            "range(9)",
            "loop.index",
            "length",
            "\uD83E",
            "é"
        };
        for (int round = 0; round < rounds; round++) {
            StringBuilder template = new StringBuilder();
            for (int i = random.nextInt(25); i >= 0; i--) {
                template.append(bricks[random.nextInt(bricks.length)]);
            }
            try {
                ChatTemplate.parse(template.toString())
                        .render(Map.of("messages", List.of(Map.of("role", "user")), "x", 1));
            } catch (EngineException expected) {
                assertThat(expected.code()).as("seed %d: %s", seed, template).startsWith("engine.template-");
            } catch (RuntimeException wrong) {
                throw new AssertionError("seed " + seed + ": " + template, wrong);
            }
        }
    }
}
