package dev.slipway.bench.engine;

/** A program that has a model loaded and can be timed. */
interface Contender extends AutoCloseable {
    /** Tokens per second of reading a prompt. */
    double prefill(int tokens);

    /** Tokens per second, of all requests together, of generating after {@code depth} others. */
    double decode(int depth, int steps, int requests);

    /** The most memory that the process held, pages of mapped files apart. */
    long peakMemory();

    @Override
    void close();
}
