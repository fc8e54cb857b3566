package dev.slipway.engine.template;

/** The value that JSON calls null. */
enum None {
    NONE
}
