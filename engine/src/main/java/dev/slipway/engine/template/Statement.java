package dev.slipway.engine.template;

import java.util.List;
import java.util.Optional;

/** What a template does. */
sealed interface Statement {
    /** Where the statement begins, from 1. */
    int line();

    record Text(int line, String text) implements Statement {}

    record Output(int line, Expression value) implements Statement {}

    /** Branches in order; the last without a test is the {@code else}. */
    record If(int line, List<Branch> branches) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record For(
            int line,
            Target target,
            Expression items,
            Optional<Expression> filter,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(int line, Target target, Expression value) implements Statement {}

    /** {@code filters} is a chain over {@link Expression.BlockText}. */
    record SetBlock(int line, Target target, Expression filters, List<Statement> body) implements Statement {}

    record FilterBlock(int line, Expression filters, List<Statement> body) implements Statement {}

    record With(int line, List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    record Macro(int line, String name, Signature signature, List<Statement> body) implements Statement {}

    record CallBlock(int line, Signature signature, Expression call, List<Statement> body) implements Statement {}

    /** A body that is run as it stands, such as that of {@code generation}. */
    record Group(int line, List<Statement> body) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /**
     * What a macro takes.
     *
     * @param defaults values of the last parameters
     */
    record Signature(List<String> parameters, List<Expression> defaults) {}

    /** Where a value goes. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record NamespaceAttribute(String namespace, String attribute) implements Target {}

        record Several(List<Target> targets) implements Target {}
    }
}
