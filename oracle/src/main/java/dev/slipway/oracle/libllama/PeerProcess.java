package dev.slipway.oracle.libllama;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The program that loads libllama and answers {@link Libllama}. Argument: the folder of the libraries.
 */
final class PeerProcess {
    private final Bindings llama;
    private final DataInputStream in;
    private final DataOutputStream out;
    private @Nullable NativeModel loaded;

    private PeerProcess(Bindings llama, DataInputStream in, DataOutputStream out) {
        this.llama = llama;
        this.in = in;
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        new PeerProcess(new Bindings(Path.of(args[0])), in, out).serve();
    }

    private void serve() throws IOException {
        while (true) {
            Call call;
            try {
                call = Call.values()[in.readByte()];
            } catch (EOFException e) {
                return;
            }
            switch (call) {
                case LOAD -> load();
                case TOKENIZE -> tokenize();
                case PIECE -> piece();
                case LOGITS -> logits();
                case PREFILL -> prefill();
                case DECODE -> decode();
                case LEAVE -> {
                    return;
                }
            }
            out.flush();
        }
    }

    private NativeModel model() {
        return Objects.requireNonNull(loaded, "no model is loaded");
    }

    private void load() throws IOException {
        if (loaded != null) {
            loaded.close();
            loaded = null;
        }
        Path file = Path.of(in.readUTF());
        PeerOptions options = new PeerOptions(
                in.readBoolean(), in.readInt(), in.readInt(), in.readInt(), PeerOptions.Cache.valueOf(in.readUTF()));
        loaded = new NativeModel(llama, file, options);
        out.writeInt(loaded.vocabularySize());
    }

    private void tokenize() throws IOException {
        byte[] text = in.readNBytes(in.readInt());
        Wire.write(out, model().tokenize(text, in.readBoolean(), in.readBoolean()));
    }

    private void piece() throws IOException {
        byte[] bytes = model().piece(in.readInt(), in.readBoolean());
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Logits after each token from a given one on; tokens are read in pieces of a given size. */
    private void logits() throws IOException {
        int[] tokens = Wire.wholes(in);
        int from = in.readInt();
        int most = in.readInt();
        model().clear();
        for (int start = 0; start < tokens.length; start += most) {
            int end = Math.min(tokens.length, start + most);
            NativeBatch batch = model().emptyBatch();
            for (int i = start; i < end; i++) {
                batch.add(tokens[i], i, 0, i >= from);
            }
            model().run();
            for (int i = Math.max(start, from); i < end; i++) {
                Wire.write(out, model().logits(i - start));
            }
        }
    }

    /** Nanoseconds of reading a prompt. */
    private void prefill() throws IOException {
        int count = in.readInt();
        model().clear();
        long start = System.nanoTime();
        read(count, 0);
        out.writeLong(System.nanoTime() - start);
    }

    private void read(int count, int sequence) {
        int room = model().emptyBatch().room();
        for (int from = 0; from < count; from += room) {
            NativeBatch batch = model().emptyBatch();
            for (int i = from; i < Math.min(count, from + room); i++) {
                batch.add(token(i), i, sequence, i == count - 1);
            }
            model().run();
        }
    }

    private int token(int i) {
        return (int) ((i + 1) * 2654435761L % model().vocabularySize());
    }

    /** Nanoseconds of each step that generates one token for every sequence, after prompts of a given length. */
    private void decode() throws IOException {
        int depth = in.readInt();
        int steps = in.readInt();
        int sequences = in.readInt();
        model().clear();
        for (int sequence = 0; sequence < sequences; sequence++) {
            read(depth, sequence);
        }
        for (int step = 0; step < steps; step++) {
            NativeBatch batch = model().emptyBatch();
            for (int sequence = 0; sequence < sequences; sequence++) {
                batch.add(token(step + sequence), depth + step, sequence, true);
            }
            long start = System.nanoTime();
            model().run();
            out.writeLong(System.nanoTime() - start);
        }
    }
}
