package dev.slipway.engine.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the tokens that may come, by walking the vocabulary's tree and the grammar's machine side by side. */
final class Masks {
    private static final int MOST_LARGE = 64;
    /** A character set of fewer tokens saves nothing. */
    private static final int WORTH_A_SLICE = 256;

    private static final int MOST_SLICES = 8;

    private final Program program;
    private final Machine machine;
    private final TokenTrie trie;
    private final Map<Unit, Slice> slices = new HashMap<>();
    private final TokenSet scratch;
    private final Configuration[] path;
    private int large;

    Masks(Program program, Machine machine, TokenTrie trie) {
        this.program = program;
        this.machine = machine;
        this.trie = trie;
        this.scratch = new TokenSet(trie.vocabularySize());
        this.path = new Configuration[trie.deepest() + 1];
        for (Unit unit : program.loops()) {
            if (slices.size() < MOST_SLICES) {
                Slice slice = trie.slice(unit);
                if (slice.tokens() >= WORTH_A_SLICE) {
                    slices.put(unit, slice);
                }
            }
        }
    }

    /** A place from which so many characters of a set may come. */
    private record Run(Slice slice, int reach, int bytesToEnd) {}

    /** The tokens that may come at a configuration. */
    Mask at(Configuration configuration) {
        Mask known = configuration.mask;
        if (known != null) {
            return known;
        }
        if (large > MOST_LARGE) {
            machine.forget();
            large = 0;
        }
        Configuration alike = normal(configuration);
        Mask mask = alike.mask;
        if (mask == null) {
            mask = find(alike);
            alike.mask = mask;
            large += mask.large() ? 1 : 0;
        }
        if (alike != configuration) {
            mask = new Mask(mask.tokens(), Distances.plus(mask.farthest(), dearer(configuration, alike)));
            configuration.mask = mask;
        }
        return mask;
    }

    private Mask find(Configuration configuration) {
        int farthest = walk(configuration, Distances.NEVER, scratch);
        return Mask.of(scratch, farthest);
    }

    /** Puts those tokens into a set after which the text can end within so many bytes. */
    void within(Configuration configuration, int bytes, TokenSet out) {
        walk(configuration, bytes, out);
    }

    /** Answers the most bytes from the end that any of the tokens leads to. */
    private int walk(Configuration configuration, int mostBytes, TokenSet out) {
        @Nullable Run run = longestRun(configuration, mostBytes);
        int farthest = 0;
        if (run == null) {
            out.clear();
        } else {
            run.slice.copyInto(out, run.reach);
            farthest = run.bytesToEnd;
        }
        int[] classes = program.byteClasses();
        path[0] = configuration;
        int node = 0;
        while (node < trie.size()) {
            if (run != null && run.slice.covers(node, run.reach)) {
                node = trie.end(node);
                continue;
            }
            int depth = trie.depth(node);
            Configuration next = machine.step(path[depth - 1], classes[trie.label(node)]);
            if (machine.isDead(next)) {
                node = trie.end(node);
                continue;
            }
            if (trie.hasToken(node) && next.bytesToEnd <= mostBytes) {
                trie.addTokens(node, out);
                farthest = Math.max(farthest, next.bytesToEnd);
            }
            path[depth] = next;
            node++;
        }
        return farthest;
    }

    /** Of the places between two characters of a repeated set, the one that tells about most tokens. */
    private @Nullable Run longestRun(Configuration configuration, int mostBytes) {
        @Nullable Run best = null;
        long bestWorth = 0;
        for (Place place : configuration.places) {
            if (place.part() != 0 || !(program.nodes()[place.node()] instanceof Node.Loop loop)) {
                continue;
            }
            Slice slice = slices.get(loop.unit());
            int bytesToEnd = machine.bytesToEnd(place);
            if (slice == null || bytesToEnd > mostBytes) {
                continue;
            }
            int reach = Slice.reach(charactersAhead(place));
            long worth = (long) slice.tokens() * reach;
            if (worth > bestWorth) {
                best = new Run(slice, reach, bytesToEnd);
                bestWorth = worth;
            }
        }
        return best;
    }

    /** How many characters of its set may come in a row, as far as that shows at a glance. */
    private int charactersAhead(Place place) {
        if (place.max() == Expression.UNLIMITED) {
            return Integer.MAX_VALUE;
        }
        Frame frame = place.frame();
        boolean repeated = place.max() == 1
                && frame.min != Frame.NO_COUNT
                && program.nodes()[frame.node] instanceof Node.Repeated around
                && around.simpleLoops().contains(place.node());
        if (!repeated) {
            return place.max();
        }
        return frame.max == Expression.UNLIMITED ? Integer.MAX_VALUE : frame.max + 1;
    }

    /** The same with counts that no single token can use up made equal, so that one mask serves them all. */
    private Configuration normal(Configuration configuration) {
        int beyond = trie.deepest() + 1;
        boolean changed = false;
        List<Place> places = new ArrayList<>(configuration.places.size());
        for (Place place : configuration.places) {
            boolean loop = program.nodes()[place.node()] instanceof Node.Loop;
            int min = loop ? Math.min(place.min(), beyond) : place.min();
            int max = loop && place.max() > beyond ? Expression.UNLIMITED : place.max();
            changed |= min != place.min() || max != place.max();
            places.add(new Place(place.node(), place.part(), min, max, place.frame()));
        }
        if (!changed) {
            return configuration;
        }
        return machine.like(
                configuration, places.stream().distinct().sorted(Place.ORDER).toList());
    }

    private int dearer(Configuration configuration, Configuration normal) {
        int most = 0;
        for (Place place : configuration.places) {
            most = Math.max(most, machine.bytesToEnd(place));
        }
        return Math.max(0, most - normal.bytesToEnd);
    }
}
