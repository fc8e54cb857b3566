package dev.slipway.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param subject what it is about, such as {@code home}
 * @param state how it is
 * @param text what was found, for people
 * @param advice what to do; empty when nothing is
 */
public record Finding(String subject, State state, String text, String advice) {
    /** How a thing is. */
    public enum State {
        OK,
        WARNING,
        PROBLEM
    }

    static Finding ok(String subject, String text) {
        return new Finding(subject, State.OK, text, "");
    }

    static Finding warning(String subject, String text, String advice) {
        return new Finding(subject, State.WARNING, text, advice);
    }

    static Finding problem(String subject, String text, String advice) {
        return new Finding(subject, State.PROBLEM, text, advice);
    }
}
