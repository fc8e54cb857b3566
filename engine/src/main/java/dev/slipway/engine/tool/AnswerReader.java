package dev.slipway.engine.tool;

import dev.slipway.engine.tool.CallForm.Opening;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells content, thinking and calls apart, letter by letter, for every form of calls.
 *
 * <p>Text goes on at once unless a mark can have begun in it. From a mark on, everything is kept until a
 * {@link CallBuffer} says that a call is certain; what breaks the form before that, or ends the answer, turns all of it
 * back into content. A call that breaks after it began to stream cannot be taken back: what the model wrote goes on as
 * its arguments, so that nothing is lost or shown as markup.
 *
 * <p>Thinking is recognised only before any content. White space around calls and thinking is dropped; between two
 * parts of the content it stays. Markup within Markdown code is content.
 */
final class AnswerReader implements ToolCallParser {
    /** Longest broken block that is searched for calls once more; keeps the work in proportion to the answer. */
    private static final int SEARCH_AGAIN = 4_096;

    private final CallForm form;
    private final List<Thinking> thinking;
    /** The letters with which marks begin; most text can be passed on at a glance. */
    private final String firstLetters;

    private final PieceList out = new PieceList();
    private final CallBuffer calls;
    private final CodeSpans code = new CodeSpans();
    /** White space that is content only when more content follows. */
    private final StringBuilder space = new StringBuilder();
    /** What may be the beginning of a mark. */
    private final StringBuilder tag = new StringBuilder();
    /** All of the block at hand that nobody has seen, to give back when it is none. */
    private final StringBuilder raw = new StringBuilder();

    private State state = State.TEXT;
    private @Nullable Thinking section;
    private @Nullable Opening opening;
    private @Nullable CallReader reader;
    private JsonScanner plainValue = new JsonScanner();
    private boolean contentSeen;
    private boolean markupSeen;
    private boolean reasoningSeen;
    private boolean sectionSeen;
    /** Nothing but space and trailers since a call. */
    private boolean afterCall;

    private boolean afterMarkedCall;

    private enum State {
        TEXT,
        THINKING,
        /** Inside a block of calls. */
        CALL,
        /** Inside a call that broke after a part of it was passed on. */
        BROKEN_CALL,
        /** Inside a JSON value that is no call. */
        PLAIN_VALUE
    }

    AnswerReader(CallForm form, CallIds ids, List<Thinking> thinking) {
        this.form = form;
        this.thinking = thinking;
        calls = new CallBuffer(out, ids);
        firstLetters = marks().map(mark -> mark.substring(0, 1)).distinct().collect(Collectors.joining());
    }

    /** The prompt has opened a thinking section, so that the answer begins inside of it. */
    void beginThinking(Thinking way) {
        section = way;
        markupSeen = true;
        state = State.THINKING;
    }

    @Override
    public boolean reads(String controlToken) {
        return Stream.concat(marks(), form.inner().stream()).anyMatch(mark -> mark.contains(controlToken));
    }

    /** Every mark that has a meaning somewhere outside of calls. */
    private Stream<String> marks() {
        return Stream.of(
                        form.openings().stream().map(Opening::mark),
                        form.trailers().stream(),
                        thinking.stream().flatMap(way -> Stream.of(way.open(), way.close())),
                        thinking.stream().flatMap(way -> way.silent().stream()))
                .flatMap(marks -> marks);
    }

    @Override
    public List<Piece> push(String text) {
        for (int at = 0; at < text.length(); at++) {
            accept(text.charAt(at));
        }
        return out.take();
    }

    @Override
    public List<Piece> finish() {
        switch (state) {
            case TEXT, PLAIN_VALUE -> {
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
            case CALL -> {
                if (!calls.streaming()) {
                    content(raw);
                }
            }
            case BROKEN_CALL -> out.arguments(tag);
        }
        return out.take();
    }

    private void accept(char letter) {
        switch (state) {
            case TEXT -> text(letter);
            case THINKING -> thinking(letter);
            case CALL -> call(letter);
            case BROKEN_CALL -> brokenCall(letter);
            case PLAIN_VALUE -> plainValue(letter);
        }
    }

    // ---- text

    private void text(char letter) {
        if (tag.isEmpty() && firstLetters.indexOf(letter) < 0) {
            prose(letter);
            return;
        }
        tag.append(letter);
        String soFar = tag.toString();
        if (begins(soFar) || mayBegin(soFar)) {
            return;
        }
        tag.setLength(0);
        prose(soFar.charAt(0));
        for (int i = 1; i < soFar.length(); i++) {
            accept(soFar.charAt(i));
        }
    }

    /** Whether a mark stands here in full; then the state has changed. */
    private boolean begins(String mark) {
        for (Thinking way : thinking) {
            if (way.silent().contains(mark)) {
                tag.setLength(0);
                return true;
            }
            if (mark.equals(way.open()) && mayThink(way)) {
                tag.setLength(0);
                space.setLength(0);
                section = way;
                markupSeen = true;
                sectionSeen = false;
                state = State.THINKING;
                return true;
            }
        }
        if (afterCall && form.trailers().contains(mark)) {
            tag.setLength(0);
            return true;
        }
        Optional<Opening> found = form.openings().stream()
                .filter(candidate -> counts(candidate) && mark.equals(candidate.mark()))
                .findFirst();
        found.ifPresent(this::beginCalls);
        return found.isPresent();
    }

    private boolean mayBegin(String soFar) {
        return thinking.stream()
                        .anyMatch(way -> (mayThink(way) && way.open().startsWith(soFar))
                                || way.silent().stream().anyMatch(mark -> mark.startsWith(soFar)))
                || (afterCall && form.trailers().stream().anyMatch(mark -> mark.startsWith(soFar)))
                || form.openings().stream()
                        .anyMatch(candidate ->
                                counts(candidate) && candidate.mark().startsWith(soFar));
    }

    private boolean mayThink(Thinking way) {
        return !contentSeen || way == Thinking.CHANNELS;
    }

    private boolean counts(Opening candidate) {
        return (!candidate.afterCallOnly() || afterMarkedCall) && !code.inCode();
    }

    private void beginCalls(Opening found) {
        raw.setLength(0);
        raw.append(tag);
        tag.setLength(0);
        calls.beginBlock();
        opening = found;
        CallReader fresh = found.reader().apply(calls);
        reader = fresh;
        state = State.CALL;
        if (found.feedsMark()) {
            for (int i = 0; i < found.mark().length(); i++) {
                fresh.accept(found.mark().charAt(i));
            }
        }
    }

    /** A letter of the text that belongs to no mark. */
    private void prose(char letter) {
        code.accept(letter);
        if (JsonScanner.isSpace(letter)) {
            space.append(letter);
        } else {
            content(String.valueOf(letter));
        }
    }

    private void content(CharSequence text) {
        if (contentSeen || !markupSeen) {
            out.content(space);
        }
        space.setLength(0);
        out.content(text);
        contentSeen |= !text.isEmpty();
        if (!text.isEmpty()) {
            afterCall = false;
            afterMarkedCall = false;
        }
    }

    // ---- thinking

    private void thinking(char letter) {
        Thinking way = section;
        if (way == null) {
            throw new IllegalStateException("no thinking section is open");
        }
        tag.append(letter);
        String soFar = tag.toString();
        if (soFar.equals(way.close())) {
            tag.setLength(0);
            space.setLength(0);
            state = State.TEXT;
        } else if (!sectionSeen && soFar.equals(way.open())) {
            // The prompt has opened the section, and the model does so once more.
            tag.setLength(0);
            space.setLength(0);
        } else if (!way.close().startsWith(soFar) && (sectionSeen || !way.open().startsWith(soFar))) {
            tag.setLength(0);
            if (JsonScanner.isSpace(soFar.charAt(0))) {
                space.append(soFar.charAt(0));
            } else {
                reasoning(soFar.substring(0, 1));
            }
            for (int i = 1; i < soFar.length(); i++) {
                accept(soFar.charAt(i));
            }
        }
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

    // ---- calls

    private void call(char letter) {
        CallReader current = reader;
        if (current == null) {
            throw new IllegalStateException("no block of calls is open");
        }
        boolean seen = calls.streaming();
        CallReader.Progress progress = current.accept(letter);
        if (progress == CallReader.Progress.BROKEN) {
            broken(current, letter);
            return;
        }
        raw.append(letter);
        boolean passed = progress == CallReader.Progress.COMPLETE ? calls.passAll() : calls.passOn();
        if (passed || seen || calls.streaming()) {
            markupSeen = true;
            raw.setLength(0);
        }
        if (progress == CallReader.Progress.COMPLETE) {
            raw.setLength(0);
            endBlock();
        }
    }

    private void endBlock() {
        state = State.TEXT;
        afterCall = true;
        afterMarkedCall |= opening != null && !opening.feedsMark();
    }

    private void broken(CallReader current, char letter) {
        if (calls.streaming()) {
            state = State.BROKEN_CALL;
            accept(letter);
            return;
        }
        calls.drop();
        String text = raw.toString();
        raw.setLength(0);
        state = State.TEXT;
        Optional<JsonScanner> value = current.plainValue();
        int shown = value.isEmpty() && searchesAgain(text) ? mark(text) : text.length();
        for (int i = 0; i < shown; i++) {
            prose(text.charAt(i));
        }
        if (value.isEmpty()) {
            for (int i = shown; i < text.length(); i++) {
                accept(text.charAt(i));
            }
            accept(letter);
            return;
        }
        plainValue = value.get();
        state = plainValue.state() == JsonScanner.State.OPEN ? State.PLAIN_VALUE : State.TEXT;
        prose(letter);
    }

    /** Whether calls may begin inside of what broke: after a mark, a second mark can be the true beginning. */
    private boolean searchesAgain(String text) {
        return opening != null && !opening.feedsMark() && text.length() <= SEARCH_AGAIN;
    }

    /** Letters of the mark that the text begins with; none where the mark was passed on before. */
    private int mark(String text) {
        String mark = opening == null ? "" : opening.mark();
        return text.startsWith(mark) ? mark.length() : 0;
    }

    private void plainValue(char letter) {
        JsonScanner.State now = plainValue.accept(letter);
        if (now == JsonScanner.State.BROKEN) {
            state = State.TEXT;
            accept(letter);
            return;
        }
        prose(letter);
        if (now == JsonScanner.State.COMPLETE) {
            state = State.TEXT;
        }
    }

    private void brokenCall(char letter) {
        String end = opening == null ? "" : opening.end().orElse("");
        tag.append(letter);
        if (end.contentEquals(tag)) {
            tag.setLength(0);
            calls.drop();
            endBlock();
        } else if (!end.startsWith(tag.toString())) {
            String soFar = tag.toString();
            tag.setLength(0);
            out.arguments(soFar.substring(0, 1));
            for (int i = 1; i < soFar.length(); i++) {
                accept(soFar.charAt(i));
            }
        }
    }
}
