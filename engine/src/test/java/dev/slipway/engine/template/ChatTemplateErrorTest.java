package dev.slipway.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatTemplateErrorTest {
    @Test
    void aTemplateThatRefusesAConversationSaysWhyInItsOwnWords() {
        EngineException refusal = failure("ok\n{% if true %}{{ raise_exception('Roles must alternate!') }}{% endif %}");
        assertThat(refusal.code()).isEqualTo("engine.template-refused");
        assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID);
        assertThat(refusal).hasMessageContaining("line 2").hasMessageEndingWith("Roles must alternate!");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "{{ a.b }} → 'a' is undefined",
                "{{ 'x'.b.c }} → has no member 'b'",
                "{{ nope() }} → 'nope' is undefined",
                "{{ 1 + 'a' }} → '+' does not go with values of types int and str",
                "{{ 5 % 0 }} → divided by zero",
                "{{ 9223372036854775807 + 1 }} → 64 bits",
                "{{ 1|frobnicate }} → there is no filter 'frobnicate'",
                "{{ 1 is frobnicated }} → there is no test 'frobnicated'",
                "{{ none|length }} → NoneType has no length",
                "{% for x in 5 %}{% endfor %} → int cannot be gone through",
                "{{ [1].append(2) }} → would change a value",
                "{{ 'a'.__class__ is defined }}{{ ''.__class__.x }} → no member '__class__'",
                "{% set x.y = 1 %} → 'x' is no namespace",
                "{{ range(1000001)|length }} → more than 100000",
                "{{ 'a'|replace('b') }} → needs the argument 'new'",
                "{{ [1]|join(sep=1) }} → has no argument 'sep'",
                "{{ [1, 2]|map('upper', 1, 2, 3)|list|frob }} → there is no filter 'frob'",
                "{{ x }}{{ y. }} → a name was expected after '.'",
                "{{ 'open }} → never ends",
                "{% if x %} → 'if' is never ended",
                "{% for x in y %}{% endif %} → does not end 'for'",
                "{% endif %} → ends a block that was never begun",
                "{% include 'x' %} → stands alone",
                "{% frob %} → there is no statement 'frob'",
                "{{ (1 }} → '}' closes nothing",
                "{{ 1 ! 2 }} → means nothing here",
                "{# open → never ends with #}",
                "{% raw %} → never ends with {% endraw %}",
                "{% break %} → only stand inside a loop",
                "{% for x in [1] recursive %}{% endfor %} → recursive loops are not supported",
                "{{ '\\u12' }} → hexadecimal",
                "{{ }} → an expression was expected",
            })
    void whatIsWrongIsSaid(String template, String message) {
        EngineException error = failure("first line\n" + template);
        assertThat(error.code()).matches("engine\\.template-(error|limit)");
        assertThat(error).hasMessageContaining("line 2").hasMessageContaining(message);
        assertThat(error.hint()).isNotEmpty();
    }

    @Test
    void theLineIsThatOfTheMacroWhoseBodyFails() {
        assertThat(failure("{% macro m() %}\n\n{{ a.b }}\n{% endmacro %}\n{{ m() }}"))
                .hasMessageContaining("line 3");
        assertThat(failure("{% macro m() %}\n\n{% endmacro %}\n{{ m() ~ a.b }}"))
                .hasMessageContaining("line 4");
    }

    @Test
    void aVariableThatIsNotPlainJsonIsRefused() {
        EngineException error = catchThrowableOfType(
                EngineException.class,
                () -> ChatTemplate.parse("{{ x }}").render(Map.of("x", List.of(LocalDate.EPOCH))));
        assertThat(error).hasMessageContaining("not plain JSON");
    }

    @Test
    void noChangeOfAVariableReachesTheCaller() {
        List<Object> list = new ArrayList<>(List.of("a"));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        assertThat(ChatTemplate.parse("{% set list = list + ['b'] %}{{ list|length }}")
                        .render(map))
                .isEqualTo("2");
        assertThat(list).containsExactly("a");
        assertThat(map).hasSize(1);
    }

    private static EngineException failure(String template) {
        EngineException error = catchThrowableOfType(
                EngineException.class, () -> ChatTemplate.parse(template).render(Map.of()));
        assertThat(error).as(template).isNotNull();
        return error;
    }
}
