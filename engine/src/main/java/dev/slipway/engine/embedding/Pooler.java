package dev.slipway.engine.embedding;

import dev.slipway.engine.Pooling;
import java.util.Arrays;

/** Makes the vectors of a text out of its tokens' states, which come one by one. Vectors have length 1. */
public final class Pooler {
    private final Pooling way;
    private final int width;
    private final double[] gathered;
    private float[] rows = {};
    private int count;

    /** An empty one, for states of {@code width} elements. */
    public Pooler(Pooling way, int width) {
        this.way = way;
        this.width = width;
        this.gathered = new double[width];
    }

    /** Takes the next token's state. */
    public void add(float[] states, int offset) {
        switch (way) {
            case MEAN -> {
                for (int i = 0; i < width; i++) {
                    gathered[i] += states[offset + i];
                }
            }
            case CLS -> {
                if (count == 0) {
                    keep(states, offset);
                }
            }
            case LAST -> keep(states, offset);
            case NONE -> {
                if (rows.length < (count + 1) * width) {
                    rows = Arrays.copyOf(rows, 2 * (count + 1) * width);
                }
                keep(states, offset);
                unit(gathered, rows, count * width);
            }
        }
        count++;
    }

    private void keep(float[] states, int offset) {
        for (int i = 0; i < width; i++) {
            gathered[i] = states[offset + i];
        }
    }

    /** The vector of the text, or with {@link Pooling#NONE} those of its tokens, row by row. */
    public float[] vectors() {
        if (way == Pooling.NONE) {
            return Arrays.copyOf(rows, count * width);
        }
        float[] vector = new float[width];
        unit(gathered, vector, 0);
        return vector;
    }

    /** Writes a vector's direction; that of zeros is zeros. */
    static void unit(double[] vector, float[] out, int offset) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            out[offset + i] = (float) (vector[i] * scale);
        }
    }
}
