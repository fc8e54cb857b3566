package dev.slipway.engine.template;

import dev.slipway.engine.EngineException;
import java.util.List;
import java.util.Map;

/** A program of its own, with little memory: renders templates that want much, and says how each ended. */
final class HungryTemplates {
    private static final String TEXT = "('x ' * 8000000)";

    private static final List<String> TEMPLATES = List.of(
            "{% for c in " + TEXT + " %}{% endfor %}",
            "{{ " + TEXT + "|list|length }}",
            "{{ " + TEXT + ".split()|length }}",
            "{{ " + TEXT + ".split('x')|length }}",
            "{{ " + TEXT + ".rsplit(' ')|length }}",
            "{{ ('\n' * 16000000).splitlines()|length }}",
            "{{ ('\n' * 16000000)|indent(0)|length }}",
            "{{ " + TEXT + ".title()|length }}",
            "{{ " + TEXT + "|wordcount }}",
            "{{ " + TEXT + "|unique|list|length }}",
            "{{ " + TEXT + "[::2]|length }}",
            "{{ ([0] * 8000000)|length }}",
            "{{ (range(100000)|list * 1000)|length }}",
            "{% set n = namespace(l=[]) %}{% for i in range(100000) %}{% set n.l = n.l + [i] %}{% endfor %}",
            "{% set n = namespace(l=[]) %}{% for i in range(30) %}{% set n.l = [n.l, n.l, 'x' * 1000000] %}{% endfor %}{{ n.l }}",
            "{% for a in range(100000) %}{% for b in range(100) %}{{ 'xxxxxxxx' }}{% endfor %}{% endfor %}",
            "{% macro m(s) %}{{ m(s ~ s) }}{% endmacro %}{{ m('x') }}",
            "{{ dict(range(100000)|batch(2))|length }}{{ " + TEXT + "|tojson(indent=' ' * 1000000) }}");

    private HungryTemplates() {}

    public static void main(String[] arguments) {
        for (String template : TEMPLATES) {
            String end;
            try {
                ChatTemplate.parse(template).render(Map.of());
                end = "done";
            } catch (EngineException refused) {
                end = refused.code();
            } catch (OutOfMemoryError none) {
                end = "OUT OF MEMORY";
            }
            System.out.println(end + " " + template);
        }
    }
}
