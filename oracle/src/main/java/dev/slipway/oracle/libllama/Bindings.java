package dev.slipway.oracle.libllama;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of libllama that are used, as {@code llama.h} of release 0.5.0 declares them.
 *
 * <p>The package has no header file. {@link #checkLayouts} therefore compares known defaults with what the library fills in, so
 * that another release is refused and not called with the wrong structures.
 */
@SuppressWarnings("restricted") // What this class is for.
final class Bindings {
    static final StructLayout MODEL_OPTIONS = MemoryLayout.structLayout(
            ValueLayout.ADDRESS.withName("devices"),
            ValueLayout.ADDRESS.withName("tensor_buft_overrides"),
            ValueLayout.JAVA_INT.withName("n_gpu_layers"),
            ValueLayout.JAVA_INT.withName("split_mode"),
            ValueLayout.JAVA_INT.withName("load_mode"),
            ValueLayout.JAVA_INT.withName("lazy_mode"),
            ValueLayout.JAVA_INT.withName("main_gpu"),
            MemoryLayout.paddingLayout(4),
            MemoryLayout.sequenceLayout(4, ValueLayout.ADDRESS).withName("callbacks"),
            ValueLayout.JAVA_BOOLEAN.withName("vocab_only"),
            MemoryLayout.sequenceLayout(7, ValueLayout.JAVA_BYTE).withName("switches"));

    static final StructLayout CONTEXT_OPTIONS = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("n_ctx"),
            ValueLayout.JAVA_INT.withName("n_batch"),
            ValueLayout.JAVA_INT.withName("n_ubatch"),
            ValueLayout.JAVA_INT.withName("n_seq_max"),
            ValueLayout.JAVA_INT.withName("n_rs_seq"),
            ValueLayout.JAVA_INT.withName("n_outputs_max"),
            ValueLayout.JAVA_INT.withName("n_outputs_max_per_seq"),
            ValueLayout.JAVA_INT.withName("n_threads"),
            ValueLayout.JAVA_INT.withName("n_threads_batch"),
            MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_INT).withName("kinds"),
            ValueLayout.JAVA_INT.withName("flash_attn_type"),
            MemoryLayout.sequenceLayout(8, ValueLayout.JAVA_INT).withName("rope"),
            ValueLayout.ADDRESS.withName("cb_eval"),
            ValueLayout.ADDRESS.withName("cb_eval_user_data"),
            ValueLayout.JAVA_INT.withName("type_k"),
            ValueLayout.JAVA_INT.withName("type_v"),
            ValueLayout.ADDRESS.withName("abort_callback"),
            ValueLayout.ADDRESS.withName("abort_callback_data"),
            MemoryLayout.sequenceLayout(8, ValueLayout.JAVA_BYTE).withName("switches"),
            ValueLayout.ADDRESS.withName("samplers"),
            ValueLayout.JAVA_LONG.withName("n_samplers"),
            ValueLayout.ADDRESS.withName("ctx_other"));

    static final StructLayout BATCH = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("n_tokens"),
            MemoryLayout.paddingLayout(4),
            ValueLayout.ADDRESS.withName("token"),
            ValueLayout.ADDRESS.withName("embd"),
            ValueLayout.ADDRESS.withName("pos"),
            ValueLayout.ADDRESS.withName("n_seq_id"),
            ValueLayout.ADDRESS.withName("seq_id"),
            ValueLayout.ADDRESS.withName("logits"));

    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout INT = ValueLayout.JAVA_INT;
    private static final ValueLayout FLAG = ValueLayout.JAVA_BOOLEAN;

    private final SymbolLookup llama;

    final MethodHandle modelOptions;
    final MethodHandle contextOptions;
    final MethodHandle openModel;
    final MethodHandle openContext;
    final MethodHandle closeModel;
    final MethodHandle closeContext;
    final MethodHandle vocabulary;
    final MethodHandle vocabularySize;
    final MethodHandle tokenize;
    final MethodHandle piece;
    final MethodHandle decode;
    final MethodHandle logits;
    final MethodHandle memory;
    final MethodHandle clear;
    final MethodHandle synchronize;

    /** Loads the libraries and, of the processor kernels beside them, those that suit this host best. */
    Bindings(Path folder) {
        Arena forever = Arena.global();
        SymbolLookup.libraryLookup(only(folder, "libggml-base."), forever);
        SymbolLookup ggml = SymbolLookup.libraryLookup(only(folder, "libggml."), forever);
        llama = SymbolLookup.libraryLookup(only(folder, "libllama."), forever);
        MethodHandle load = handle(ggml, "ggml_backend_load_all_from_path", FunctionDescriptor.ofVoid(POINTER));
        Foreign.run(() -> load.invoke(forever.allocateFrom(folder.toString())));
        MethodHandle begin = handle(llama, "llama_backend_init", FunctionDescriptor.ofVoid());
        Foreign.run(() -> begin.invoke());

        modelOptions = handle("llama_model_default_params", FunctionDescriptor.of(MODEL_OPTIONS));
        contextOptions = handle("llama_context_default_params", FunctionDescriptor.of(CONTEXT_OPTIONS));
        openModel = handle("llama_model_load_from_file", FunctionDescriptor.of(POINTER, POINTER, MODEL_OPTIONS));
        openContext = handle("llama_init_from_model", FunctionDescriptor.of(POINTER, POINTER, CONTEXT_OPTIONS));
        closeModel = handle("llama_model_free", FunctionDescriptor.ofVoid(POINTER));
        closeContext = handle("llama_free", FunctionDescriptor.ofVoid(POINTER));
        vocabulary = handle("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER));
        vocabularySize = handle("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER));
        tokenize =
                handle("llama_tokenize", FunctionDescriptor.of(INT, POINTER, POINTER, INT, POINTER, INT, FLAG, FLAG));
        piece = handle("llama_token_to_piece", FunctionDescriptor.of(INT, POINTER, INT, POINTER, INT, INT, FLAG));
        decode = handle("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH));
        logits = handle("llama_get_logits_ith", FunctionDescriptor.of(POINTER, POINTER, INT));
        memory = handle("llama_get_memory", FunctionDescriptor.of(POINTER, POINTER));
        clear = handle("llama_memory_clear", FunctionDescriptor.ofVoid(POINTER, FLAG));
        synchronize = handle("llama_synchronize", FunctionDescriptor.ofVoid(POINTER));
        checkLayouts();
    }

    private static Path only(Path folder, String prefix) {
        String[] names = folder.toFile().list((_, name) -> name.startsWith(prefix) && name.endsWith(".so"));
        if (names == null || names.length != 1) {
            throw new IllegalStateException("There is not exactly one " + prefix + "*.so in " + folder + ".");
        }
        return folder.resolve(names[0]);
    }

    private MethodHandle handle(String name, FunctionDescriptor type) {
        return handle(llama, name, type);
    }

    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
    }

    private void checkLayouts() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = Foreign.call(() -> (MemorySegment) modelOptions.invoke(arena));
            MemorySegment context = Foreign.call(() -> (MemorySegment) contextOptions.invoke(arena));
            require(Fields.whole(MODEL_OPTIONS, model, "n_gpu_layers") == -1, "n_gpu_layers");
            require(Fields.whole(MODEL_OPTIONS, model, "main_gpu") == 0, "main_gpu");
            require(Fields.whole(CONTEXT_OPTIONS, context, "n_ctx") == 512, "n_ctx");
            require(Fields.whole(CONTEXT_OPTIONS, context, "n_ubatch") == 512, "n_ubatch");
            require(Fields.whole(CONTEXT_OPTIONS, context, "n_outputs_max_per_seq") == 1, "n_outputs_max_per_seq");
            require(Fields.whole(CONTEXT_OPTIONS, context, "n_threads_batch") == 4, "n_threads_batch");
            require(Fields.whole(CONTEXT_OPTIONS, context, "flash_attn_type") == -1, "flash_attn_type");
            require(Fields.whole(CONTEXT_OPTIONS, context, "type_k") == PeerOptions.Cache.F16.ggmlType(), "type_k");
            require(Fields.whole(CONTEXT_OPTIONS, context, "type_v") == PeerOptions.Cache.F16.ggmlType(), "type_v");
        }
    }

    private static void require(boolean same, String field) {
        if (!same) {
            throw new IllegalStateException("This is not libllama 0.5.0: the default of " + field + " is another.");
        }
    }
}
