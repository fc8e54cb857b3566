package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;

/** Memory for the keys and values of {@value KernelProvider#PAGE} successive positions, as a {@link PageForm} says. */
public final class Page {
    private final PageForm form;
    private final MemorySegment memory;

    Page(PageForm form, MemorySegment memory) {
        if (memory.byteSize() != form.bytes()) {
            throw new IllegalArgumentException(memory.byteSize() + " bytes for " + form);
        }
        this.form = form;
        this.memory = memory;
    }

    /** What lies where. */
    public PageForm form() {
        return form;
    }

    /** Fills the page with zeros: what another sequence left must not be read, not even where it counts for nothing. */
    public void clear() {
        memory.fill((byte) 0);
    }

    /** Copies everything from a page of the same form. */
    public void copyFrom(Page other) {
        if (!other.form.equals(form)) {
            throw new IllegalArgumentException(other.form + " is not " + form);
        }
        memory.copyFrom(other.memory);
    }

    MemorySegment keys(int layer, int head) {
        return memory.asSlice(form.keysAt(layer, head), form.keyBytes());
    }

    MemorySegment values(int layer, int head) {
        return memory.asSlice(form.keysAt(layer, head) + form.keyBytes(), form.valueBytes());
    }
}
