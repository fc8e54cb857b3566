package dev.slipway.oracle.libllama;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * libllama in a process of its own, so that a crash of it is an exception here. One model is loaded at a time.
 *
 * <p>The libraries come from the npm package {@code @node-llama-cpp/linux-x64}; {@code oracle/README.md} says how to get
 * them. Every call has a deadline, after which the process is ended. Used by one thread at a time.
 */
public final class Libllama implements AutoCloseable {
    /** Names the folder that holds {@code libllama.*.so}. */
    public static final String VARIABLE = "SLIPWAY_LIBLLAMA";

    /** What to say when a test skips. */
    public static final String MISSING =
            "libllama is not here: set " + VARIABLE + ", or run oracle/npm/fetch (x86-64 Linux with npm)";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LAST_LINES = 20;

    private final Process process;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Deque<String> lastWords = new ArrayDeque<>();
    private int vocabularySize;

    private Libllama(Process process) {
        this.process = process;
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        Thread.ofVirtual().start(this::listen);
    }

    /** Where the libraries are: what the variable says, else where {@code oracle/npm/fetch} puts them. */
    public static Optional<Path> folder() {
        String named = System.getenv(VARIABLE);
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isDirectory);
        }
        String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        return Optional.of(Path.of(
                        cache, "slipway-oracle", "node_modules", "@node-llama-cpp", "linux-x64", "bins/linux-x64"))
                .filter(Files::isDirectory);
    }

    /**
     * Starts the process, with no model yet.
     *
     * @param folder see {@link #folder}
     */
    public static Libllama start(Path folder) {
        String classes = Libllama.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                PeerProcess.class.getName(),
                folder.toAbsolutePath().toString());
        try {
            return new Libllama(builder.start());
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start a process for libllama.", e);
        }
    }

    /**
     * Starts the process and loads a model.
     *
     * @throws IllegalStateException when libllama does not load it, with its last lines
     */
    public static Libllama open(Path folder, Path model, PeerOptions options) {
        Libllama peer = start(folder);
        peer.load(model, options);
        return peer;
    }

    /** Loads a model in place of the one before. */
    public void load(Path model, PeerOptions options) {
        vocabularySize = exchange(() -> {
            ask(Call.LOAD);
            out.writeUTF(model.toAbsolutePath().toString());
            out.writeBoolean(options.vocabularyOnly());
            out.writeInt(options.context());
            out.writeInt(options.sequences());
            out.writeInt(options.threads());
            out.writeUTF(options.cache().name());
            out.flush();
            return in.readInt();
        });
    }

    /** The process that has the model. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    public int vocabularySize() {
        return vocabularySize;
    }

    /**
     * The tokens of a text.
     *
     * @param addSpecial puts what the model wants at the beginning and the end
     * @param parseSpecial reads control tokens that the text spells as such
     */
    public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
        return exchange(() -> {
            ask(Call.TOKENIZE);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
            out.writeBoolean(addSpecial);
            out.writeBoolean(parseSpecial);
            out.flush();
            return Wire.wholes(in);
        });
    }

    /** The bytes that a token stands for; control tokens have none unless {@code special}. */
    public byte[] piece(int token, boolean special) {
        return exchange(() -> {
            ask(Call.PIECE);
            out.writeInt(token);
            out.writeBoolean(special);
            out.flush();
            return in.readNBytes(in.readInt());
        });
    }

    /**
     * Reads tokens as one new sequence.
     *
     * @param from the first token whose logits are wanted
     * @param piece most tokens to be read in one pass
     * @return logits after each token from {@code from} on
     */
    public float[][] logits(int[] tokens, int from, int piece) {
        return exchange(() -> {
            ask(Call.LOGITS);
            Wire.write(out, tokens);
            out.writeInt(from);
            out.writeInt(piece);
            out.flush();
            float[][] logits = new float[tokens.length - from][];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Wire.reals(in);
            }
            return logits;
        });
    }

    /** How long it takes to read a prompt of so many tokens. */
    public Duration prefill(int tokens) {
        return exchange(() -> {
            ask(Call.PREFILL);
            out.writeInt(tokens);
            out.flush();
            return Duration.ofNanos(in.readLong());
        });
    }

    /**
     * Generates.
     *
     * @param depth tokens that each sequence has before
     * @param steps tokens that each sequence gets
     * @return seconds of each step
     */
    public double[] decode(int depth, int steps, int sequences) {
        return exchange(() -> {
            ask(Call.DECODE);
            out.writeInt(depth);
            out.writeInt(steps);
            out.writeInt(sequences);
            out.flush();
            double[] seconds = new double[steps];
            for (int i = 0; i < steps; i++) {
                seconds[i] = in.readLong() / 1e9;
            }
            return seconds;
        });
    }

    private void ask(Call call) throws IOException {
        out.writeByte(call.ordinal());
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws IOException;
    }

    private <T> T exchange(Exchange<T> exchange) {
        CountDownLatch answered = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> endUnless(answered));
        try {
            return exchange.run();
        } catch (IOException e) {
            throw new IllegalStateException("The process of libllama has ended. " + lastWords(), e);
        } finally {
            answered.countDown();
        }
    }

    private void endUnless(CountDownLatch answered) {
        try {
            if (!answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastWords() {
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (lastWords) {
            String status = process.isAlive() ? "" : "Exit status " + process.exitValue() + ". ";
            return status + "Its last lines:\n" + String.join("\n", lastWords);
        }
    }

    private void listen() {
        try (var lines = process.errorReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lastWords) {
                    lastWords.add(line);
                    if (lastWords.size() > LAST_LINES) {
                        lastWords.remove();
                    }
                }
            }
        } catch (IOException e) {
            // The process has ended; what it said before is kept.
        }
    }

    /** Ends the process and waits for its end. */
    @Override
    public void close() {
        try {
            ask(Call.LEAVE);
            out.flush();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
