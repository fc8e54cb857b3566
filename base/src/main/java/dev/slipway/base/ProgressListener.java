package dev.slipway.base;

/**
 * Hears how far a long job is. Steps run side by side, so calls come from several threads; the figures of one step
 * never go back.
 */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = progress -> {};

    void onProgress(Progress progress);

    /** Says that a step has come to {@code done} of {@code total}. */
    default void step(String step, long done, long total) {
        onProgress(new Progress(step, done, total));
    }

    /**
     * How far one step is.
     *
     * @param step what is being done, for people, such as {@code pull 3f2a…} or {@code unpack}
     * @param done units (bytes unless the step's name says otherwise) done so far
     * @param total units in all, or {@link #UNKNOWN}
     */
    record Progress(String step, long done, long total) {
        /** The total is not known yet. */
        public static final long UNKNOWN = -1;

        public boolean finished() {
            return done == total;
        }
    }
}
