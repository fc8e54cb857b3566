package dev.slipway.oci.layer;

import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates gzip, all members of it (RFC 1952). Zero bytes may follow the last member; anything else is an error, as is a
 * wrong check sum: what is hashed must be what is read.
 */
final class GzipStream extends InputStream {
    private static final int MAX_HEADER_FIELD = 1 << 16;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private int position;
    private int limit;
    private boolean insideMember;
    private boolean ended;

    GzipStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!insideMember && !beginMember()) {
                break;
            }
            int count = inflate(target, from, length);
            if (count > 0) {
                return count;
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int from, int length) throws IOException {
        try {
            int count = inflater.inflate(target, from, length);
            if (count > 0) {
                crc.update(target, from, count);
            } else if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                if (!more()) {
                    throw damaged("it is cut off");
                }
                inflater.setInput(buffer, position, limit - position);
            } else {
                throw damaged("it needs a dictionary");
            }
            return count;
        } catch (DataFormatException e) {
            throw damaged(e.getMessage() == null ? "its data are malformed" : e.getMessage());
        }
    }

    private boolean beginMember() throws IOException {
        if (position == limit && !more()) {
            ended = true;
            return false;
        }
        if (buffer[position] == 0) {
            requireOnlyZeros();
            ended = true;
            return false;
        }
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw damaged("something that is not gzip follows");
        }
        int flags = next();
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
        inflater.setInput(buffer, position, limit - position);
        crc.reset();
        insideMember = true;
        return true;
    }

    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        long sum = littleEndian();
        long size = littleEndian();
        if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw damaged("its check sum is wrong");
        }
        insideMember = false;
    }

    private void requireOnlyZeros() throws IOException {
        do {
            while (position < limit) {
                if (buffer[position++] != 0) {
                    throw damaged("something follows its padding");
                }
            }
        } while (more());
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
        if (position == limit && !more()) {
            throw damaged("it is cut off");
        }
        return buffer[position++] & 0xff;
    }

    private boolean more() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    private static OciException damaged(String why) {
        return OciException.corrupt("oci.invalid-gzip", "Inflating a layer failed: " + why + ".");
    }
}
