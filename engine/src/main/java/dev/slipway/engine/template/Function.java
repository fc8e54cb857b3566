package dev.slipway.engine.template;

/** Something that a template can call. */
@FunctionalInterface
interface Function {
    Object call(CallValues arguments);
}
