package dev.slipway.oracle.libllama;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Lists of numbers between the two processes. */
final class Wire {
    private Wire() {}

    static void write(DataOutputStream out, int[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asIntBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes.array());
    }

    static void write(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes.array());
    }

    static int[] wholes(DataInputStream in) throws IOException {
        int[] values = new int[in.readInt()];
        bytes(in, values.length).asIntBuffer().get(values);
        return values;
    }

    static float[] reals(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        bytes(in, values.length).asFloatBuffer().get(values);
        return values;
    }

    private static ByteBuffer bytes(DataInputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(4 * count);
        if (bytes.length != 4 * count) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(bytes);
    }
}
