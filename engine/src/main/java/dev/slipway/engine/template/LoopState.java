package dev.slipway.engine.template;

import java.util.List;

/** The variable {@code loop} inside a loop. */
final class LoopState {
    private final List<Object> items;
    private int index;
    private Object changedTo = Undefined.name("changed");

    LoopState(List<Object> items) {
        this.items = items;
    }

    void moveTo(int next) {
        index = next;
    }

    Object member(String name, Comparisons comparisons) {
        int size = items.size();
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) size - index;
            case "revindex0" -> size - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "length" -> (long) size;
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index + 1 < size ? items.get(index + 1) : new Undefined("there is no next item");
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) values -> changed(values, comparisons);
            default -> Undefined.member(this, name);
        };
    }

    private Object cycle(CallValues values) {
        if (values.positional().isEmpty()) {
            throw TemplateFault.error("loop.cycle needs at least one value");
        }
        return values.positional().get(index % values.positional().size());
    }

    private Object changed(CallValues values, Comparisons comparisons) {
        Object now = new Tuple(values.positional());
        boolean changed = !comparisons.equal(changedTo, now);
        changedTo = now;
        return changed;
    }
}
