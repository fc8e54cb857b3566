package dev.slipway.engine.tool;

import java.util.List;
import java.util.function.Supplier;

/**
 * The Hermes form, read character by character.
 *
 * <p>A call reaches the reader when it is certain: either its closing tag has come, or {@value #STREAM_AFTER}
 * characters of well-formed arguments have, after which the rest streams. Until then whatever breaks the form, or ends
 * the answer, turns all of it back into content. A call that breaks after it began to stream cannot be taken back: what
 * the model wrote up to the closing tag goes on as its arguments, so that nothing is lost or shown as markup.
 *
 * <p>Differences from LocalAI's parser, on purpose: markup with bad JSON is shown and not swallowed, and does not use up
 * an index; thinking is recognised only before any content, and an unclosed thinking section stays reasoning; a call
 * with {@code parameters} and no {@code arguments} is shown as text, where LocalAI calls the function with {@code {}}.
 */
final class HermesParser implements ToolCallParser {
    /** Characters of arguments after which a call begins to stream before it is closed. */
    static final int STREAM_AFTER = 64;

    private static final String CALL_OPEN = "<tool_call>";
    private static final String CALL_CLOSE = "</tool_call>";
    private static final String THINK_OPEN = "<think>";
    private static final String THINK_CLOSE = "</think>";

    private final Supplier<String> ids;
    private final PieceList out = new PieceList();
    /** White space that is content only when more content follows. */
    private final StringBuilder space = new StringBuilder();
    /** What may be the beginning of a tag. */
    private final StringBuilder tag = new StringBuilder();
    /** All of the call at hand, to give back when it is none. */
    private final StringBuilder raw = new StringBuilder();

    private State state = State.TEXT;
    private HermesCall call = new HermesCall();
    private int index;
    private int argumentsSent;
    private boolean streaming;
    private boolean contentSeen;
    private boolean markupSeen;
    private boolean reasoningSeen;
    private boolean sectionSeen;

    private enum State {
        TEXT,
        THINKING,
        /** Inside the JSON of a call. */
        CALL,
        /** Between the end of the JSON and the closing tag. */
        CLOSING,
        /** Inside a call that broke after a part of it was sent. */
        BROKEN_CALL
    }

    HermesParser(Supplier<String> ids) {
        this.ids = ids;
    }

    @Override
    public List<Piece> push(String text) {
        for (int at = 0; at < text.length(); at++) {
            accept(text.charAt(at));
        }
        sendArguments();
        return out.take();
    }

    @Override
    public List<Piece> finish() {
        switch (state) {
            case TEXT -> {
                if (!tag.isEmpty()) {
                    content(tag);
                } else if (!markupSeen) {
                    content("");
                }
            }
            case THINKING -> {
                if (!tag.isEmpty()) {
                    reasoning(tag);
                }
            }
            case CALL, CLOSING -> {
                if (!streaming) {
                    content(raw);
                }
            }
            case BROKEN_CALL -> out.arguments(tag);
        }
        sendArguments();
        return out.take();
    }

    private void accept(char letter) {
        switch (state) {
            case TEXT -> text(letter);
            case THINKING -> thinking(letter);
            case CALL -> callBody(letter);
            case CLOSING -> closing(letter);
            case BROKEN_CALL -> brokenCall(letter);
        }
    }

    private void text(char letter) {
        if (tag.isEmpty() && letter != '<') {
            if (HermesCall.isSpace(letter)) {
                space.append(letter);
            } else {
                content(String.valueOf(letter));
            }
            return;
        }
        tag.append(letter);
        boolean mayThink = !contentSeen;
        if (same(tag, CALL_OPEN)) {
            raw.setLength(0);
            raw.append(tag);
            tag.setLength(0);
            call = new HermesCall();
            argumentsSent = 0;
            streaming = false;
            state = State.CALL;
        } else if (mayThink && same(tag, THINK_OPEN)) {
            tag.setLength(0);
            space.setLength(0);
            markupSeen = true;
            sectionSeen = false;
            state = State.THINKING;
        } else if (!begins(CALL_OPEN) && !(mayThink && begins(THINK_OPEN))) {
            tag.setLength(tag.length() - 1);
            if (tag.isEmpty()) {
                content(String.valueOf(letter));
            } else {
                content(take(tag));
                accept(letter);
            }
        }
    }

    private void thinking(char letter) {
        if (tag.isEmpty() && letter != '<') {
            if (HermesCall.isSpace(letter)) {
                space.append(letter);
            } else {
                reasoning(String.valueOf(letter));
            }
            return;
        }
        tag.append(letter);
        if (same(tag, THINK_CLOSE)) {
            tag.setLength(0);
            space.setLength(0);
            state = State.TEXT;
        } else if (!begins(THINK_CLOSE)) {
            tag.setLength(tag.length() - 1);
            reasoning(take(tag));
            accept(letter);
        }
    }

    private void callBody(char letter) {
        if (!call.accept(letter)) {
            if (streaming) {
                sendArguments();
                state = State.BROKEN_CALL;
            } else {
                state = State.TEXT;
                content(take(raw));
            }
            accept(letter);
            return;
        }
        raw.append(letter);
        streaming |=
                call.name().isPresent() && call.streams() && call.arguments().length() >= STREAM_AFTER;
        if (call.complete()) {
            state = State.CLOSING;
        }
    }

    private void closing(char letter) {
        if (tag.isEmpty() && HermesCall.isSpace(letter)) {
            raw.append(letter);
            return;
        }
        tag.append(letter);
        if (same(tag, CALL_CLOSE)) {
            endCall();
        } else if (begins(CALL_CLOSE)) {
            raw.append(letter);
        } else {
            // No closing tag: text, unless the reader has most of the call already.
            String seen = streaming ? tag.substring(0, tag.length() - 1) : take(raw);
            if (streaming) {
                endCall();
            }
            tag.setLength(0);
            state = State.TEXT;
            if (!seen.isEmpty()) {
                content(seen);
            }
            accept(letter);
        }
    }

    private void brokenCall(char letter) {
        tag.append(letter);
        if (same(tag, CALL_CLOSE)) {
            tag.setLength(0);
            index++;
            state = State.TEXT;
        } else if (!begins(CALL_CLOSE)) {
            tag.setLength(tag.length() - 1);
            if (tag.isEmpty()) {
                out.arguments(String.valueOf(letter));
            } else {
                out.arguments(take(tag));
                accept(letter);
            }
        }
    }

    private void endCall() {
        streaming = true;
        sendArguments();
        streaming = false;
        tag.setLength(0);
        index++;
        markupSeen = true;
        state = State.TEXT;
    }

    /** Sends what is certain of the call at hand and not sent yet. */
    private void sendArguments() {
        if (!streaming || (state != State.CALL && state != State.CLOSING)) {
            return;
        }
        if (argumentsSent == 0) {
            markupSeen = true;
            out.call(index, ids.get(), call.name().orElseThrow());
        }
        CharSequence all = call.arguments();
        out.arguments(all.subSequence(argumentsSent, all.length()));
        argumentsSent = all.length();
    }

    private void content(CharSequence text) {
        if (contentSeen || !markupSeen) {
            out.content(space);
        }
        space.setLength(0);
        out.content(text);
        contentSeen |= !text.isEmpty();
    }

    private void reasoning(CharSequence text) {
        if (sectionSeen) {
            out.reasoning(space);
        } else if (reasoningSeen) {
            out.reasoning("\n\n");
        }
        space.setLength(0);
        out.reasoning(text);
        sectionSeen |= !text.isEmpty();
        reasoningSeen |= sectionSeen;
    }

    private boolean begins(String whole) {
        return tag.length() <= whole.length() && whole.startsWith(tag.toString());
    }

    private static boolean same(CharSequence text, String whole) {
        return text.length() == whole.length() && whole.contentEquals(text);
    }

    private static String take(StringBuilder from) {
        String taken = from.toString();
        from.setLength(0);
        return taken;
    }
}
