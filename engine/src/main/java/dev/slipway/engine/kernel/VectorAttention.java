package dev.slipway.engine.kernel;

import static dev.slipway.engine.kernel.VectorRows.FLOATS;
import static dev.slipway.engine.kernel.VectorRows.LANES;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link PlainAttention} by vectors: four rows at a time share each vector of a page.
 *
 * <p>Methods are kept small, as {@link VectorDense} says why.
 */
final class VectorAttention extends PlainAttention {
    private static final int TOGETHER = 4;

    VectorAttention(AttentionTile tile) {
        super(tile);
    }

    @Override
    void readKeys(MemorySegment stored) {
        if (form.keys().scaled()) {
            super.readKeys(stored);
        } else {
            VectorRows.unpack(type(form.keys()), stored, 0, keys.length, keys, 0);
        }
    }

    @Override
    void readValues(MemorySegment stored) {
        if (form.values().scaled()) {
            super.readValues(stored);
        } else {
            VectorRows.unpack(type(form.values()), stored, 0, values.length, values, 0);
        }
    }

    private static QuantisationType type(CacheType type) {
        return type == CacheType.F16 ? QuantisationType.F16 : QuantisationType.F32;
    }

    @Override
    void multiply(Product product) {
        int pair = 2 * LANES;
        int whole = product.columns() - product.columns() % pair;
        int row = 0;
        for (; row + TOGETHER <= product.rows(); row += TOGETHER) {
            for (int column = 0; column < whole; column += pair) {
                four(product, row, column);
            }
            for (int r = row; r < row + TOGETHER; r++) {
                rest(product, r, whole);
            }
        }
        for (; row < product.rows(); row++) {
            for (int column = 0; column < whole; column += pair) {
                one(product, row, column);
            }
            rest(product, row, whole);
        }
    }

    private static void four(Product product, int row, int column) {
        float[] numbers = product.numbers();
        float[] matrix = product.matrix();
        float[] sums = product.sums();
        int columns = product.columns();
        int n0 = product.numbersAt() + row * product.stride();
        int n1 = n0 + product.stride();
        int n2 = n1 + product.stride();
        int n3 = n2 + product.stride();
        int to = product.sumsAt() + row * columns + column;
        FloatVector a0 = load(sums, to);
        FloatVector b0 = load(sums, to + LANES);
        FloatVector a1 = load(sums, to + columns);
        FloatVector b1 = load(sums, to + columns + LANES);
        FloatVector a2 = load(sums, to + 2 * columns);
        FloatVector b2 = load(sums, to + 2 * columns + LANES);
        FloatVector a3 = load(sums, to + 3 * columns);
        FloatVector b3 = load(sums, to + 3 * columns + LANES);
        for (int k = 0; k < product.depth(); k++) {
            FloatVector a = load(matrix, k * columns + column);
            FloatVector b = load(matrix, k * columns + column + LANES);
            FloatVector number = FloatVector.broadcast(FLOATS, numbers[n0 + k]);
            a0 = a.fma(number, a0);
            b0 = b.fma(number, b0);
            number = FloatVector.broadcast(FLOATS, numbers[n1 + k]);
            a1 = a.fma(number, a1);
            b1 = b.fma(number, b1);
            number = FloatVector.broadcast(FLOATS, numbers[n2 + k]);
            a2 = a.fma(number, a2);
            b2 = b.fma(number, b2);
            number = FloatVector.broadcast(FLOATS, numbers[n3 + k]);
            a3 = a.fma(number, a3);
            b3 = b.fma(number, b3);
        }
        a0.intoArray(sums, to);
        b0.intoArray(sums, to + LANES);
        a1.intoArray(sums, to + columns);
        b1.intoArray(sums, to + columns + LANES);
        a2.intoArray(sums, to + 2 * columns);
        b2.intoArray(sums, to + 2 * columns + LANES);
        a3.intoArray(sums, to + 3 * columns);
        b3.intoArray(sums, to + 3 * columns + LANES);
    }

    private static void one(Product product, int row, int column) {
        int columns = product.columns();
        int numbers = product.numbersAt() + row * product.stride();
        int to = product.sumsAt() + row * columns + column;
        FloatVector a = load(product.sums(), to);
        FloatVector b = load(product.sums(), to + LANES);
        for (int k = 0; k < product.depth(); k++) {
            FloatVector number = FloatVector.broadcast(FLOATS, product.numbers()[numbers + k]);
            a = load(product.matrix(), k * columns + column).fma(number, a);
            b = load(product.matrix(), k * columns + column + LANES).fma(number, b);
        }
        a.intoArray(product.sums(), to);
        b.intoArray(product.sums(), to + LANES);
    }

    /** The columns of a row that make no whole pair of vectors. */
    private static void rest(Product product, int row, int firstColumn) {
        int columns = product.columns();
        int numbers = product.numbersAt() + row * product.stride();
        for (int column = firstColumn; column < columns; column += LANES) {
            int to = product.sumsAt() + row * columns + column;
            FloatVector a = load(product.sums(), to);
            for (int k = 0; k < product.depth(); k++) {
                FloatVector number = FloatVector.broadcast(FLOATS, product.numbers()[numbers + k]);
                a = load(product.matrix(), k * columns + column).fma(number, a);
            }
            a.intoArray(product.sums(), to);
        }
    }

    @Override
    void powers(int at, float top) {
        for (int p = at; p < at + PAGE; p += LANES) {
            power(load(scores, p).fma(FloatVector.broadcast(FLOATS, factor), FloatVector.broadcast(FLOATS, -top)))
                    .intoArray(scores, p);
        }
    }

    private static FloatVector power(FloatVector v) {
        FloatVector bounded = v.max(LEAST_EXPONENT);
        FloatVector rounded = bounded.add(ROUNDER);
        FloatVector rest = bounded.sub(rounded.sub(ROUNDER));
        FloatVector sum = FloatVector.broadcast(FLOATS, POWERS[0]);
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, POWERS[1]));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, POWERS[2]));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, POWERS[3]));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, POWERS[4]));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, POWERS[5]));
        IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return sum.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    private static FloatVector load(float[] floats, int at) {
        return FloatVector.fromArray(FLOATS, floats, at);
    }
}
