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
 * <p>Time is cut into passes, each one batch through the model: one pass over the weights, whatever is in it. The
 * {@link PassPlanner} gives every running sequence that generates one token in each pass, and those that read prompts a
 * bounded number together: so a running stream never waits for more than one bounded piece of somebody's prompt, and a
 * cancelled request is gone before its next token.
 *
 * <p>Requests beyond the number of slots, or beyond the memory for the KV cache, wait in the order they came; none
 * overtakes another, so none starves. A request is let in when there are pages for its prompt and a little more, not for
 * all it might ever generate, since few answers get that long. When pages run out after all, the request that came last
 * gives its pages back and waits at the head of the queue; later it computes again what is not found in the pool, which
 * gives the same bits, so its reader notices nothing but time. The request that came first never gives way and a single
 * one always fits, so there is always one that gets on.
 */
public final class Scheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    /** Most requests that may wait. */
    private static final int MAX_WAITING = 1024;

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
    private final PassListener listener;
    private long arrivals;
    private boolean closed;

    // Touched by the scheduler's thread only. Those that run are in the order in which they came.
    private final List<Sequence> running = new ArrayList<>();
    private final PassPlanner planner = new PassPlanner();
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
        this(model, compute, slots, pool, PassListener.NOBODY);
    }

    Scheduler(TextModel model, Compute compute, int slots, KvPool pool, PassListener listener) {
        this.listener = listener;
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
                throw EngineException.closed();
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
            sequence.queued(arrivals++, active::decrementAndGet);
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
            sequence.fail(EngineException.closed());
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
                waiting.forEach(sequence -> sequence.fail(EngineException.closed()));
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
    record Part(Sequence sequence, int firstRow, int count) {
        int lastRow() {
            return firstRow + count - 1;
        }

        /** Whether all of the sequence's tokens have been put in by now. */
        boolean last() {
            return sequence.ready() == 0;
        }
    }

    private void pass() {
        try {
            int[] shares = makeRoom();
            Batch batch = new Batch();
            List<Part> parts = compose(shares, batch);
            listener.composed(parts);
            long start = System.nanoTime();
            float[] states = model.states(batch);
            planner.took(batch.size(), System.nanoTime() - start);
            readStates(parts, states);
            readLogits(parts, states);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "a pass failed", e);
            failAll(e);
        }
    }

    /** Sees to it that there are pages for the next pass; those that came last give way. Answers what each puts in. */
    private int[] makeRoom() {
        int[] shares = planner.shares(running);
        for (int i = 0; i < shares.length; i++) {
            if (!running.get(i).reserve(shares[i])) {
                giveWay();
                // Who is left gets more, perhaps, and needs pages for that.
                shares = planner.shares(running);
                i = -1;
            }
        }
        return shares;
    }

    private void giveWay() {
        if (running.size() == 1) {
            throw new EngineException(
                    "engine.out-of-memory",
                    ErrorKind.EXHAUSTED,
                    "There are no more pages of KV cache.",
                    "Use a shorter context, or fewer requests at a time.",
                    null);
        }
        Sequence last = running.removeLast();
        last.leave();
        lock.lock();
        try {
            waiting.addFirst(last);
        } finally {
            lock.unlock();
        }
    }

    private List<Part> compose(int[] shares, Batch batch) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                Sequence sequence = running.get(i);
                parts.add(new Part(sequence, batch.size(), shares[i]));
                for (int n = 0; n < shares[i]; n++) {
                    batch.add(sequence.take(), sequence.cache());
                }
            }
        }
        return parts;
    }

    private void readStates(List<Part> parts, float[] states) {
        int width = model.shape().width();
        for (Part part : parts) {
            for (int row = part.firstRow; row <= part.lastRow(); row++) {
                part.sequence.onState(states, row * width, width);
            }
            if (part.last() && !part.sequence.generates()) {
                part.sequence.onPromptRead();
                end(part.sequence);
            }
        }
    }

    private void readLogits(List<Part> parts, float[] states) {
        List<Part> wanting = parts.stream()
                .filter(part -> part.last() && part.sequence.generates())
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
}
