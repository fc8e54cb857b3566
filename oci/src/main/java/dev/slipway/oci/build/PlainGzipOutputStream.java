package dev.slipway.oci.build;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes one gzip member whose header says nothing of when and where it was made (RFC 1952). */
public final class PlainGzipOutputStream extends DeflaterOutputStream {
    private static final int LEVEL = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

    private final CRC32 crc = new CRC32();
    private boolean finished;

    public PlainGzipOutputStream(OutputStream out) throws IOException {
        super(out, new Deflater(LEVEL, true), 1 << 16);
        out.write(HEADER);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        super.write(bytes, from, length);
        crc.update(bytes, from, length);
    }

    @Override
    public void finish() throws IOException {
        if (!finished) {
            finished = true;
            super.finish();
            writeLittleEndian((int) crc.getValue());
            writeLittleEndian((int) def.getBytesRead());
        }
    }

    private void writeLittleEndian(int value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(value >>> shift);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            def.end();
        }
    }
}
