package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.model.Batch;
import dev.slipway.engine.model.TextModel;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs several requests at a time on one thread of its own, which is the only one that touches the model.
 *
 * <p>Time is cut into passes. In each pass every running sequence that generates gets one token, and the prompts being
 * read share a bounded number of further tokens, all in one batch: so a running stream never waits for more than one
 * bounded piece of somebody's prompt, and a cancelled request is gone before its next token. Requests beyond the number
 * of slots, or beyond the memory for the KV cache, wait in the order they came.
 */
public final class Scheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    /** Most requests that may wait. */
    private static final int MAX_WAITING = 1024;

    /** Most prompt tokens per pass, and fewest while somebody else generates. */
    private static final int MOST_PROMPT_TOKENS = 128;

    private static final int FEWEST_PROMPT_TOKENS = 4;

    /** How long a pass may take while somebody generates: about a fast reader's time for a word. */
    private static final long PASS_NANOS = 100_000_000;

    private static final Duration IDLE_LOOK = Duration.ofSeconds(30);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(60);

    /** Choosing a token costs about as many multiplications per logit. */
    private static final int WORK_PER_LOGIT = 8;

    private final TextModel model;
    private final Compute compute;
    private final int slots;
    private final KvPool pool;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final AtomicInteger active = new AtomicInteger();
    private boolean closed;

    // Touched by the scheduler's thread only.
    private final List<Sequence> running = new ArrayList<>();
    private double nanosPerRow = PASS_NANOS / 16.0;
    private float[] finals = {};
    private float[] logits = {};
    private final List<Candidates> scratch = new ArrayList<>();

    /**
     * Starts the thread.
     *
     * @param compute what the model calculates with; tokens are chosen on its threads, too
     * @param slots most sequences that run at a time
     * @param pool the pages of the KV cache; the scheduler's thread alone uses it, and it stays open until
     *     {@link #close} has returned
     */
    public Scheduler(TextModel model, Compute compute, int slots, KvPool pool) {
        this.model = model;
        this.compute = compute;
        this.slots = slots;
        this.pool = pool;
        this.thread = Thread.ofPlatform()
                .name("slipway-engine")
                .daemon()
                .priority(Compute.PRIORITY)
                .start(this::run);
    }

    /**
     * Queues a request; returns at once.
     *
     * @throws EngineException {@code engine.closed}, or {@code engine.overloaded} when too many requests wait
     */
    public void submit(GeneratingSequence sequence) {
        enqueue(sequence);
    }

    /** Queues a request; returns at once. */
    public void submit(EmbeddingSequence sequence) {
        enqueue(sequence);
    }

    private void enqueue(Sequence sequence) {
        lock.lock();
        try {
            if (closed) {
                throw closedError();
            }
            if (waiting.size() == MAX_WAITING) {
                throw new EngineException(
                        "engine.overloaded",
                        ErrorKind.CONFLICT,
                        "The model already has " + MAX_WAITING + " requests waiting.",
                        "Try again when some of them are done.",
                        null);
            }
            active.incrementAndGet();
            sequence.onEnd(active::decrementAndGet);
            waiting.add(sequence);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Requests that run or wait now. */
    public int active() {
        return active.get();
    }

    /** Fails what runs or waits with {@code engine.closed} and waits for the thread to end. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                throw new EngineException(
                        "engine.stuck",
                        ErrorKind.FAILURE,
                        "The engine did not stop within " + CLOSE_PATIENCE.toSeconds() + " s.",
                        "End the process.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the scheduler's thread

    private void run() {
        while (admit()) {
            running.removeIf(this::dropIfCancelled);
            if (!running.isEmpty()) {
                pass();
            }
        }
        running.forEach(sequence -> {
            sequence.leave();
            sequence.fail(closedError());
        });
    }

    /** Lets requests in; waits while there is nothing to do. Answers whether to go on. */
    private boolean admit() {
        lock.lock();
        try {
            while (!closed && running.isEmpty() && waiting.isEmpty()) {
                changed.await(IDLE_LOOK.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (closed) {
                waiting.forEach(sequence -> sequence.fail(closedError()));
                waiting.clear();
                return false;
            }
            waiting.removeIf(Sequence::cancelled);
            while (!waiting.isEmpty() && running.size() < slots && start(waiting.getFirst())) {
                waiting.removeFirst();
            }
            return true;
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "nobody interrupts this thread; going on", e);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a request in; answers whether it need not wait any longer, be it because it can never run. */
    private boolean start(Sequence sequence) {
        try {
            boolean started = sequence.start(pool);
            if (started) {
                running.add(sequence);
            }
            return started;
        } catch (EngineException e) {
            sequence.fail(e);
            return true;
        }
    }

    private boolean dropIfCancelled(Sequence sequence) {
        if (sequence.cancelled()) {
            sequence.leave();
            return true;
        }
        return false;
    }

    private void end(Sequence sequence) {
        running.remove(sequence);
        sequence.leave();
    }

    /** What one sequence put into a batch: {@code count} rows from {@code firstRow}. */
    private record Part(Sequence sequence, int firstRow, int count) {
        int lastRow() {
            return firstRow + count - 1;
        }
    }

    private void pass() {
        try {
            Batch batch = new Batch();
            List<Part> parts = compose(batch);
            long start = System.nanoTime();
            float[] states = model.states(batch);
            if (batch.size() > FEWEST_PROMPT_TOKENS) {
                nanosPerRow = (nanosPerRow + (double) (System.nanoTime() - start) / batch.size()) / 2;
            }
            readStates(parts, states);
            readLogits(parts, states);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "a pass failed", e);
            failAll(e);
        }
    }

    private List<Part> compose(Batch batch) {
        List<Part> parts = new ArrayList<>();
        List<Sequence> reading =
                running.stream().filter(Sequence::readingPrompt).toList();
        for (Sequence sequence : running) {
            if (!sequence.readingPrompt()) {
                parts.add(put(sequence, 1, batch));
            }
        }
        int budget = parts.isEmpty()
                ? MOST_PROMPT_TOKENS
                : (int) Math.clamp(PASS_NANOS / nanosPerRow, FEWEST_PROMPT_TOKENS, MOST_PROMPT_TOKENS);
        for (int i = 0; i < reading.size(); i++) {
            // What short prompts leave goes to those behind them.
            int share = Math.ceilDiv(budget, reading.size() - i);
            Part part = put(reading.get(i), Math.min(share, reading.get(i).ready()), batch);
            budget = Math.max(1, budget - part.count);
            parts.add(part);
        }
        return parts;
    }

    private static Part put(Sequence sequence, int count, Batch batch) {
        int first = batch.size();
        for (int i = 0; i < count; i++) {
            batch.add(sequence.take(), sequence.cache());
        }
        return new Part(sequence, first, count);
    }

    private void readStates(List<Part> parts, float[] states) {
        int width = model.shape().width();
        for (Part part : parts) {
            for (int row = part.firstRow; row <= part.lastRow(); row++) {
                part.sequence.onState(states, row * width, width);
            }
            if (!part.sequence.readingPrompt() && !part.sequence.generates()) {
                part.sequence.onPromptRead();
                end(part.sequence);
            }
        }
    }

    private void readLogits(List<Part> parts, float[] states) {
        List<Part> wanting = parts.stream()
                .filter(part -> part.sequence.generates() && !part.sequence.readingPrompt())
                .toList();
        if (wanting.isEmpty()) {
            return;
        }
        int width = model.shape().width();
        int vocabulary = model.weights().vocabularySize();
        if (finals.length < wanting.size() * width) {
            finals = new float[wanting.size() * width];
            logits = new float[wanting.size() * vocabulary];
        }
        for (int i = 0; i < wanting.size(); i++) {
            System.arraycopy(states, wanting.get(i).lastRow() * width, finals, i * width, width);
        }
        model.logits(finals, wanting.size(), logits);
        choose(wanting, vocabulary);
        wanting.forEach(part -> advance(part.sequence));
    }

    /** Choosing takes as long as a small matrix, and sequences do not touch each other's, so they share the threads. */
    private void choose(List<Part> wanting, int vocabulary) {
        while (scratch.size() < wanting.size()) {
            scratch.add(new Candidates());
        }
        compute.forEach(wanting.size(), (long) wanting.size() * vocabulary * WORK_PER_LOGIT, (from, to) -> {
            for (int i = from; i < to; i++) {
                wanting.get(i).sequence.choose(logits, i * vocabulary, scratch.get(i));
            }
        });
    }

    /** Text processing may fail on its own; then only its sequence does. */
    private void advance(Sequence sequence) {
        try {
            if (sequence.cancelled() || !sequence.advance()) {
                end(sequence);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "a sequence failed", e);
            end(sequence);
            sequence.fail(failure(e));
        }
    }

    private void failAll(Throwable cause) {
        for (Iterator<Sequence> each = List.copyOf(running).iterator(); each.hasNext(); ) {
            Sequence sequence = each.next();
            end(sequence);
            sequence.fail(failure(cause));
        }
    }

    private static EngineException failure(Throwable cause) {
        if (cause instanceof EngineException known) {
            return known;
        }
        if (cause instanceof OutOfMemoryError) {
            return new EngineException(
                    "engine.out-of-memory",
                    ErrorKind.EXHAUSTED,
                    "There was not enough memory to go on.",
                    "Use a shorter context, or fewer requests at a time.",
                    cause);
        }
        return new EngineException(
                "engine.failed",
                ErrorKind.FAILURE,
                "Generating failed: " + cause + ".",
                "This is a defect of the engine; please report it.",
                cause);
    }

    private static EngineException closedError() {
        return new EngineException(
                "engine.closed", ErrorKind.CANCELLED, "The model is being unloaded.", "Load it again.", null);
    }
}
