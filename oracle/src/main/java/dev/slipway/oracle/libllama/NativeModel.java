package dev.slipway.oracle.libllama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One model and one context of libllama in this process. Used by one thread. */
final class NativeModel implements AutoCloseable {
    /** Rows of one call of {@code llama_decode}, as its own tools have them. */
    private static final int BATCH_ROWS = 2048;

    /** Its fused attention rounds more than the plain one. */
    private static final int NO_FLASH_ATTENTION = 0;

    private static final int LONGEST_PIECE = 4096;

    private final Arena arena = Arena.ofConfined();
    private final Bindings llama;
    private final MemorySegment model;
    private final MemorySegment vocabulary;
    private final MemorySegment context;
    private final NativeBatch batch;
    private final int vocabularySize;

    NativeModel(Bindings llama, Path file, PeerOptions options) {
        this.llama = llama;
        this.model = openModel(file, options);
        this.vocabulary = Foreign.call(() -> (MemorySegment) llama.vocabulary.invoke(model));
        this.vocabularySize = Foreign.call(() -> (int) llama.vocabularySize.invoke(vocabulary));
        this.batch = new NativeBatch(arena, Math.min(BATCH_ROWS, Math.max(options.context(), options.sequences())));
        this.context = options.vocabularyOnly() ? MemorySegment.NULL : openContext(options);
    }

    private MemorySegment openModel(Path file, PeerOptions options) {
        MemorySegment settings = Foreign.call(() -> (MemorySegment) llama.modelOptions.invoke(arena));
        Fields.truth(Bindings.MODEL_OPTIONS, settings, "vocab_only", options.vocabularyOnly());
        MemorySegment name = arena.allocateFrom(file.toString());
        MemorySegment opened = Foreign.call(() -> (MemorySegment) llama.openModel.invoke(name, settings));
        if (opened.address() == 0) {
            throw new IllegalStateException("libllama cannot load " + file + ".");
        }
        return opened;
    }

    private MemorySegment openContext(PeerOptions options) {
        MemorySegment settings = Foreign.call(() -> (MemorySegment) llama.contextOptions.invoke(arena));
        set(settings, "n_ctx", options.context());
        set(settings, "n_batch", batch.room());
        set(settings, "n_seq_max", options.sequences());
        set(settings, "n_outputs_max", batch.room());
        set(settings, "n_outputs_max_per_seq", batch.room());
        set(settings, "n_threads", options.threads());
        set(settings, "n_threads_batch", options.threads());
        if (options.cache() == PeerOptions.Cache.F32) {
            set(settings, "flash_attn_type", NO_FLASH_ATTENTION);
        }
        set(settings, "type_k", options.cache().ggmlType());
        set(settings, "type_v", options.cache().ggmlType());
        MemorySegment opened = Foreign.call(() -> (MemorySegment) llama.openContext.invoke(model, settings));
        if (opened.address() == 0) {
            throw new IllegalStateException("libllama cannot make a context of " + options + ".");
        }
        return opened;
    }

    private static void set(MemorySegment settings, String field, int value) {
        Fields.whole(Bindings.CONTEXT_OPTIONS, settings, field, value);
    }

    int vocabularySize() {
        return vocabularySize;
    }

    int[] tokenize(byte[] text, boolean addSpecial, boolean parseSpecial) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment bytes = local.allocate(text.length + 1L);
            MemorySegment.copy(text, 0, bytes, ValueLayout.JAVA_BYTE, 0, text.length);
            int most = text.length + 16;
            MemorySegment tokens = local.allocate(ValueLayout.JAVA_INT, most);
            int count = Foreign.call(() -> (int)
                    llama.tokenize.invoke(vocabulary, bytes, text.length, tokens, most, addSpecial, parseSpecial));
            if (count < 0) {
                throw new IllegalStateException("libllama makes " + -count + " tokens of " + text.length + " bytes: "
                        + new String(text, StandardCharsets.UTF_8));
            }
            return tokens.asSlice(0, 4L * count).toArray(ValueLayout.JAVA_INT);
        }
    }

    byte[] piece(int token, boolean special) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment bytes = local.allocate(LONGEST_PIECE);
            int length =
                    Foreign.call(() -> (int) llama.piece.invoke(vocabulary, token, bytes, LONGEST_PIECE, 0, special));
            if (length < 0) {
                throw new IllegalStateException("The token " + token + " has a text of " + -length + " bytes.");
            }
            return bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Forgets all sequences. */
    void clear() {
        Foreign.run(() -> {
            MemorySegment memory = (MemorySegment) llama.memory.invoke(context);
            llama.clear.invoke(memory, false);
        });
    }

    NativeBatch emptyBatch() {
        batch.empty();
        return batch;
    }

    /** Runs the batch and waits for its end. */
    void run() {
        MemorySegment struct = batch.struct();
        int result = Foreign.call(() -> (int) llama.decode.invoke(context, struct));
        if (result != 0) {
            throw new IllegalStateException("llama_decode answered " + result + ".");
        }
        Foreign.run(() -> llama.synchronize.invoke(context));
    }

    /** The logits of a row of the last batch that asked for them. */
    float[] logits(int row) {
        MemorySegment found = Foreign.call(() -> (MemorySegment) llama.logits.invoke(context, row));
        return Foreign.reach(found, 4L * vocabularySize).toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public void close() {
        Foreign.run(() -> {
            if (context.address() != 0) {
                llama.closeContext.invoke(context);
            }
            llama.closeModel.invoke(model);
        });
        arena.close();
    }
}
