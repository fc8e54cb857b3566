package dev.slipway.engine.tool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Holds the calls of one block of markup until they are certain, and passes on what is.
 *
 * <p>A call is certain when its block is whole, or when {@value #STREAM_AFTER} characters of well-formed arguments have
 * come; after that the rest of it streams and it cannot be taken back.
 */
final class CallBuffer {
    /** Characters of arguments after which a call begins to stream before its block is whole. */
    static final int STREAM_AFTER = 64;

    private final PieceList out;
    private final CallIds ids;
    private final Set<String> used = new HashSet<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private boolean open;
    private boolean streaming;
    private boolean blockBegan;
    private int index;

    /** A call that nobody has seen yet. */
    private static final class Held {
        private final String name;
        private final StringBuilder arguments = new StringBuilder();
        private Optional<String> id = Optional.empty();

        Held(String name) {
            this.name = name;
        }
    }

    CallBuffer(PieceList out, CallIds ids) {
        this.out = out;
        this.ids = ids;
    }

    // ---- what readers of calls say

    void begin(String name) {
        held.addLast(new Held(name));
        open = true;
        streaming = false;
    }

    /** The id that the model gave to the call at hand; used when it has the form that the model's template wants. */
    void id(String id) {
        if (!streaming && !held.isEmpty() && ids.accepts(id) && used.add(id)) {
            held.getLast().id = Optional.of(id);
        }
    }

    void arguments(CharSequence text) {
        if (streaming) {
            out.arguments(text);
        } else {
            held.getLast().arguments.append(text);
        }
    }

    /** The call at hand is whole. */
    void end() {
        open = false;
        streaming = false;
    }

    // ---- what the reader of the answer asks

    void beginBlock() {
        held.clear();
        open = false;
        streaming = false;
        blockBegan = false;
    }

    /** Passes on what has become certain; whether a call was passed on by this. */
    boolean passOn() {
        boolean certain = open
                ? !streaming && !held.isEmpty() && held.getLast().arguments.length() >= STREAM_AFTER
                : blockBegan && !held.isEmpty();
        return certain && passAll();
    }

    /** Passes on all there is. */
    boolean passAll() {
        boolean any = !held.isEmpty();
        while (!held.isEmpty()) {
            Held call = held.removeFirst();
            String id = call.id.orElseGet(ids::next);
            used.add(id);
            out.call(index++, id, call.name);
            out.arguments(call.arguments);
        }
        blockBegan |= any;
        streaming = open;
        return any;
    }

    /** Whether a part of the call at hand has been passed on and the rest has not come. */
    boolean streaming() {
        return streaming;
    }

    /** Forgets what nobody has seen. */
    void drop() {
        held.clear();
        open = false;
        streaming = false;
    }
}
