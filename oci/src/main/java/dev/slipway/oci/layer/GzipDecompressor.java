package dev.slipway.oci.layer;

import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;

/**
 * Inflates gzip, all members of it (RFC 1952). Zero bytes may follow the last member; anything else is an error, as is a
 * wrong check sum: what is hashed must be what is read.
 */
final class GzipDecompressor implements Decompressor {
    private static final int MAX_HEADER_FIELD = 1 << 16;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final CompressedInput input;
    private final RawInflater inflater;
    private final CRC32 crc = new CRC32();
    private long size;
    private boolean insideMember;
    private boolean ended;

    GzipDecompressor(CompressedInput input, RawInflater inflater) {
        this.input = input;
        this.inflater = inflater;
    }

    @Override
    public boolean fill(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (!insideMember && (ended || !beginMember())) {
                ended = true;
                return false;
            }
            inflate(target);
        }
        return true;
    }

    private void inflate(ByteBuffer target) throws IOException {
        int from = target.position();
        boolean memberEnded;
        try {
            memberEnded = inflater.inflate(input.buffer(), target);
        } catch (DataFormatException e) {
            throw damaged(e.getMessage() == null ? "its data are malformed" : e.getMessage());
        }
        size += target.position() - from;
        crc.update(target.slice(from, target.position() - from));
        if (memberEnded) {
            endMember();
        } else if (target.hasRemaining() && !input.more()) {
            throw damaged("it is cut off");
        }
    }

    private boolean beginMember() throws IOException {
        if (!input.more()) {
            return false;
        }
        if (input.buffer().get(input.buffer().position()) == 0) {
            requireOnlyZeros();
            return false;
        }
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw damaged("something that is not gzip follows");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw damaged("its header has unknown flags");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        size = 0;
        insideMember = true;
        return true;
    }

    private void endMember() throws IOException {
        long expectedSum = littleEndian();
        long expectedSize = littleEndian();
        if (expectedSum != crc.getValue() || expectedSize != (size & 0xffff_ffffL)) {
            throw damaged("its check sum is wrong");
        }
        insideMember = false;
    }

    private void requireOnlyZeros() throws IOException {
        while (input.more()) {
            if (input.buffer().get() != 0) {
                throw damaged("something follows its padding");
            }
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        for (int i = 0; next() != 0; i++) {
            if (i > MAX_HEADER_FIELD) {
                throw damaged("its header is too long");
            }
        }
    }

    private long littleEndian() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private int next() throws IOException {
        if (!input.more()) {
            throw damaged("it is cut off");
        }
        return input.buffer().get() & 0xff;
    }

    @Override
    public void drain() throws IOException {
        input.drain();
    }

    @Override
    public void close() throws IOException {
        inflater.close();
        input.close();
    }

    private static OciException damaged(String why) {
        return OciException.corrupt("oci.invalid-gzip", "Inflating a layer failed: " + why + ".");
    }
}
