package dev.slipway.engine.template;

import dev.slipway.engine.EngineException;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * A chat template as models ship it, in Jinja, set up as Hugging Face does: sandboxed and immutable values,
 * {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code generation} blocks, and the functions
 * {@code raise_exception} and {@code strftime_now}.
 *
 * <p>Immutable and safe for use by many threads. A template is foreign code: it sees nothing but the variables it is
 * given, and steps, depth and text are limited.
 */
public final class ChatTemplate {
    /**
     * A variable's text that counts as the template's own, such as the name of the token that begins a sequence.
     */
    public record Written(String text) {}

    /**
     * What a template gave.
     *
     * @param text the prompt
     * @param written the UTF-16 units of it that the template wrote itself; the others came with the variables
     */
    public record Rendered(String text, BitSet written) {
        public Rendered {
            written = (BitSet) written.clone();
        }

        @Override
        public BitSet written() {
            return (BitSet) written.clone();
        }
    }

    private final List<Statement> statements;

    private ChatTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws EngineException {@code engine.template-error} with the line, when it is not well-formed or uses what is not
     *     supported; {@code engine.template-limit} when it is too long or nested too deeply
     */
    public static ChatTemplate parse(String source) {
        String attempt = "Reading the chat template";
        if (source.length() > Limits.MAX_SOURCE) {
            throw TemplateFault.limit("it has " + source.length() + " characters, more than " + Limits.MAX_SOURCE)
                    .at(attempt, 1);
        }
        Lexer lexer = new Lexer(source);
        List<Token> tokens;
        try {
            tokens = lexer.tokens();
        } catch (TemplateFault fault) {
            throw fault.at(attempt, lexer.line());
        }
        TokenStream stream = new TokenStream(tokens);
        try {
            return new ChatTemplate(new StatementParser(stream).template());
        } catch (TemplateFault fault) {
            throw fault.at(attempt, stream.line());
        }
    }

    /**
     * Runs the template.
     *
     * @param variables plain JSON values: strings, whole and real numbers, booleans, nulls, lists and string-keyed maps
     * @throws EngineException {@code engine.template-refused} when the template itself refuses the conversation,
     *     {@code engine.template-error} when it does what Jinja refuses, {@code engine.template-limit} when it takes too
     *     many steps or makes too much text; each with the line
     */
    public String render(Map<String, Object> variables) {
        return render(variables, ZonedDateTime.now());
    }

    String render(Map<String, Object> variables, ZonedDateTime now) {
        return rendered(variables, now).text();
    }

    /** Runs the template like {@link #render(Map)}, and tells which of the text it wrote itself. */
    public Rendered rendered(Map<String, Object> variables) {
        return rendered(variables, ZonedDateTime.now());
    }

    private Rendered rendered(Map<String, Object> variables, ZonedDateTime now) {
        Budget budget = new Budget();
        Interpreter interpreter = new Interpreter(budget);
        try {
            Scope scope = new Scope(Globals.scope(budget, now));
            variables.forEach((name, value) -> scope.put(name, PlainValues.of(value)));
            Text text = interpreter.run(statements, scope);
            return new Rendered(text.chars(), text.written());
        } catch (TemplateFault fault) {
            throw fault.at("Applying the chat template", interpreter.line());
        } catch (StackOverflowError overflow) {
            throw TemplateFault.limit("it is nested too deeply for this thread")
                    .at("Applying the chat template", interpreter.line());
        }
    }
}
