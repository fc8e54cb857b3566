package dev.slipway.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a program over bytes, all ways of reading at once, and remembers every step. Not safe for several threads.
 *
 * <p>What it remembers is thrown away as a whole when it grows beyond a limit, and then found out again as needed.
 */
final class Machine {
    /** Deepest nesting of rules and repeated parts; what would go deeper is not allowed. */
    static final int DEEPEST = 600;

    private static final int MOST_PLACES = 1_000;
    private static final int MOST_REMEMBERED = 100_000;
    private static final int MOST_WORK = 2_000_000;

    private final Program program;
    private final Configuration dead;
    private final Map<Frame.Key, Frame> frames = new HashMap<>();
    private final Map<Key, Configuration> configurations = new HashMap<>();
    private int remembered;
    private int work;
    private int epoch;

    // Scratch of one step.
    private final Set<Place> arrived = new HashSet<>();
    private final Map<Place, Integer> widest = new HashMap<>();
    private final Set<Place> found = new HashSet<>();
    private final Deque<Place> open = new ArrayDeque<>();
    private boolean whole;

    private record Key(List<Place> places, boolean whole) {}

    Machine(Program program) {
        this.program = program;
        this.dead = new Configuration(List.of(), false, Distances.NEVER, 0);
    }

    /** Before the first byte. */
    Configuration start() {
        begin();
        arrive(program.starts()[program.root()], Frame.BOTTOM);
        close();
        return gather();
    }

    /** Number of times that everything was forgotten. */
    int epoch() {
        return epoch;
    }

    /** Starts an operation: forgets when too much is remembered, and gives the operation its measure of work. */
    void beginOperation() {
        work = 0;
        if (remembered > MOST_REMEMBERED) {
            forget();
        }
    }

    void forget() {
        frames.clear();
        configurations.clear();
        remembered = 0;
        epoch++;
    }

    /** A configuration as if it had just been reached, with nothing known about it. */
    Configuration renewed(Configuration old) {
        return remembered(old.places, old.whole, old.bytesToEnd);
    }

    /** A configuration of other places, for which the text may end as in the old one. */
    Configuration like(Configuration old, List<Place> places) {
        return remembered(places, old.whole, bytes(places));
    }

    boolean isDead(Configuration configuration) {
        return configuration == dead;
    }

    Configuration step(Configuration from, int byteClass) {
        if (from.closed()) {
            return dead;
        }
        Configuration known = from.next[byteClass];
        if (known == null) {
            known = compute(from, program.examples()[byteClass]);
            from.next[byteClass] = known;
        }
        return known;
    }

    private Configuration compute(Configuration from, int value) {
        begin();
        for (Place place : from.places) {
            read(place, value);
        }
        close();
        return gather();
    }

    private void read(Place place, int value) {
        switch (program.nodes()[place.node()]) {
            case Node.Literal(byte[] bytes, int next) -> {
                if ((bytes[place.part()] & 0xFF) == value) {
                    if (place.part() + 1 == bytes.length) {
                        arrive(next, place.frame());
                    } else {
                        found.add(new Place(place.node(), place.part() + 1, 0, 0, place.frame()));
                    }
                }
            }
            case Node.Loop loop -> {
                int state = loop.unit().next(place.part(), value);
                if (state == Unit.DONE) {
                    open.push(
                            new Place(place.node(), 0, Math.max(0, place.min() - 1), less(place.max()), place.frame()));
                } else if (state != Unit.DEAD) {
                    found.add(new Place(place.node(), state, place.min(), place.max(), place.frame()));
                }
            }
            case Node.Call _, Node.Split _, Node.Repeated _, Node.End _ ->
                throw new IllegalStateException("nothing is read here");
        }
    }

    private static int less(int max) {
        return max == Expression.UNLIMITED ? max : max - 1;
    }

    private void begin() {
        arrived.clear();
        widest.clear();
        found.clear();
        open.clear();
        whole = false;
    }

    /** Comes to a node anew. */
    private void arrive(int node, Frame frame) {
        switch (program.nodes()[node]) {
            case Node.Loop(Unit _, int min, int max, int _) -> open.push(new Place(node, 0, min, max, frame));
            case Node.Repeated(int _, int min, int max, int _, int _, Set<Integer> _) ->
                open.push(new Place(node, 0, min, max, frame));
            case Node.Literal _ -> found.add(new Place(node, 0, 0, 0, frame));
            case Node.Call _, Node.Split _, Node.End _ ->
                open.push(new Place(node, 0, Frame.NO_COUNT, Frame.NO_COUNT, frame));
        }
    }

    /** Follows everything that needs no byte. */
    private void close() {
        while (!open.isEmpty()) {
            Place place = open.pop();
            if (!arrived.add(place) || narrower(place)) {
                continue;
            }
            spend(1);
            follow(place);
        }
    }

    private void follow(Place place) {
        Frame frame = place.frame();
        switch (program.nodes()[place.node()]) {
            case Node.Loop loop -> {
                if (place.max() != 0) {
                    found.add(place);
                }
                if (place.min() == 0) {
                    arrive(loop.next(), frame);
                }
            }
            case Node.Repeated repeated -> {
                if (place.min() == 0) {
                    arrive(repeated.next(), frame);
                }
                if (place.max() != 0) {
                    enter(
                            repeated.body(),
                            new Frame.Key(place.node(), Math.max(0, place.min() - 1), less(place.max()), frame));
                }
            }
            case Node.Call(int rule, int next) -> {
                // Nothing is left to do behind the last call of a rule, so right recursion stays flat.
                if (next == Node.END_OF_RULE) {
                    arrive(program.starts()[rule], frame);
                } else {
                    enter(program.starts()[rule], new Frame.Key(next, Frame.NO_COUNT, Frame.NO_COUNT, frame));
                }
            }
            case Node.Split(int[] targets) -> {
                for (int target : targets) {
                    arrive(target, frame);
                }
            }
            case Node.End _ -> leave(frame);
            case Node.Literal _ -> throw new IllegalStateException("a literal is never open");
        }
    }

    private void enter(int node, Frame.Key key) {
        if (key.parent().depth < DEEPEST) {
            arrive(node, frame(key));
        }
    }

    private void leave(Frame frame) {
        if (frame == Frame.BOTTOM) {
            whole = true;
        } else if (frame.min == Frame.NO_COUNT) {
            arrive(frame.node, frame.parent);
        } else {
            open.push(new Place(frame.node, 0, frame.min, frame.max, frame.parent));
        }
    }

    /** Whether a place allows no more than one that was followed already: the same, with a higher limit. */
    private boolean narrower(Place place) {
        if (place.min() != 0) {
            return false;
        }
        int limit = place.max() == Expression.UNLIMITED ? Integer.MAX_VALUE : place.max();
        Place key = new Place(place.node(), 0, 0, 0, place.frame());
        Integer before = widest.get(key);
        if (before != null && before >= limit) {
            return true;
        }
        widest.put(key, limit);
        return false;
    }

    private Frame frame(Frame.Key key) {
        Frame known = frames.get(key);
        if (known == null) {
            int own = switch (program.nodes()[key.node()]) {
                case Node.Repeated repeated
                when key.min() != Frame.NO_COUNT ->
                    Distances.plus(
                            Distances.times(repeated.bodyBytes(), key.min()), program.bytesToEnd()[repeated.next()]);
                case Node _ -> program.bytesToEnd()[key.node()];
            };
            known = new Frame(key, frames.size() + 1, own);
            frames.put(key, known);
            remembered++;
        }
        return known;
    }

    private Configuration gather() {
        if (found.isEmpty() && !whole) {
            return dead;
        }
        List<Place> places = new ArrayList<>(found.size());
        for (Place place : found) {
            if (!dominated(place)) {
                places.add(place);
            }
        }
        if (places.size() > MOST_PLACES) {
            throw GrammarFault.tooComplex();
        }
        spend(places.size());
        places.sort(Place.ORDER);
        return remembered(List.copyOf(places), whole, bytes(places));
    }

    /** Whether a loop between two characters has a wider one beside it. */
    private boolean dominated(Place place) {
        if (place.part() != 0 || place.min() != 0 || place.max() == Expression.UNLIMITED) {
            return false;
        }
        Integer limit = widest.get(new Place(place.node(), 0, 0, 0, place.frame()));
        return limit != null && limit > place.max();
    }

    private Configuration remembered(List<Place> places, boolean mayEnd, int bytes) {
        Key key = new Key(places, mayEnd);
        Configuration known = configurations.get(key);
        if (known == null) {
            known = new Configuration(places, mayEnd, bytes, program.classCount());
            configurations.put(key, known);
            remembered += places.size() + program.classCount() / 8 + 2;
        }
        return known;
    }

    private int bytes(List<Place> places) {
        int least = Distances.NEVER;
        for (Place place : places) {
            least = Math.min(least, bytesToEnd(place));
        }
        return least;
    }

    /** Bytes of the shortest way from a place to the end of the text. */
    int bytesToEnd(Place place) {
        int own = switch (program.nodes()[place.node()]) {
            case Node.Literal(byte[] bytes, int next) ->
                Distances.plus(bytes.length - place.part(), program.bytesToEnd()[next]);
            case Node.Loop loop -> {
                int begun = place.part() == 0 ? 0 : 1;
                int rest = begun * loop.unit().bytesToEnd(place.part());
                int more = Distances.times(loop.unit().fewestBytes(), Math.max(0, place.min() - begun));
                yield Distances.plus(Distances.plus(rest, more), program.bytesToEnd()[loop.next()]);
            }
            case Node _ -> Distances.NEVER;
        };
        return Distances.plus(own, place.frame().bytesToEnd);
    }

    private void spend(int amount) {
        work += amount;
        if (work > MOST_WORK) {
            throw GrammarFault.tooComplex();
        }
    }
}
