package dev.slipway.engine.template;

import dev.slipway.engine.EngineException;

/** Something wrong while a template is read or run, before the line is known; never leaves this package. */
final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of wrong, which decides the code of the error that callers see. */
    enum Kind {
        /** The template cannot be read, or does something that Jinja refuses. */
        ERROR("engine.template-error", "Check the model's chat template, or give another one."),
        /** The template itself refused the conversation. */
        REFUSED("engine.template-refused", "Change the conversation as the message says; this model asks for it."),
        /** The template went over a limit that keeps a hostile one in bounds. */
        LIMIT("engine.template-limit", "Shorten the conversation, or use a simpler chat template.");

        private final String code;
        private final String hint;

        Kind(String code, String hint) {
            this.code = code;
            this.hint = hint;
        }
    }

    private final Kind kind;
    private final String problem;

    TemplateFault(Kind kind, String problem) {
        super(problem, null, false, false);
        this.kind = kind;
        this.problem = problem;
    }

    static TemplateFault error(String problem) {
        return new TemplateFault(Kind.ERROR, problem);
    }

    static TemplateFault limit(String problem) {
        return new TemplateFault(Kind.LIMIT, problem);
    }

    EngineException at(String attempt, int line) {
        return EngineException.invalid(kind.code, attempt + " failed at line " + line + ": " + problem, kind.hint);
    }
}
