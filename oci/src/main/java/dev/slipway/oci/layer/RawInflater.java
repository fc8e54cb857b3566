package dev.slipway.oci.layer;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates raw deflate streams, one after the other, between direct buffers. */
interface RawInflater extends AutoCloseable {
    /** Makes ready for another stream. */
    void reset();

    /**
     * Inflates as much as there is input and space for, and moves the positions of both buffers. More input may be given
     * once this leaves space in {@code out}. At the end of the stream the input's position is behind its last byte, up to
     * {@link CompressedInput#MARGIN} bytes before where it was.
     *
     * @return whether the stream has ended
     */
    boolean inflate(ByteBuffer in, ByteBuffer out) throws DataFormatException;

    @Override
    void close();

    /** What the JDK has. */
    final class Jdk implements RawInflater {
        private final Inflater inflater = new Inflater(true);

        @Override
        public void reset() {
            inflater.reset();
        }

        @Override
        public boolean inflate(ByteBuffer in, ByteBuffer out) throws DataFormatException {
            inflater.setInput(in);
            inflater.inflate(out);
            if (inflater.needsDictionary()) {
                throw new DataFormatException("it needs a dictionary");
            }
            return inflater.finished();
        }

        @Override
        public void close() {
            inflater.end();
        }
    }
}
