package dev.slipway.engine.kernel;

import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import java.lang.foreign.MemorySegment;

/**
 * Weights in their stored form: {@code rows} rows of {@code columns} elements, row after row.
 *
 * <p>The constructor proves that every row lies inside the segment, so kernels need not.
 *
 * @param name the tensor's name, for error messages
 * @param data the stored bytes; must stay alive as long as the matrix is used
 */
public record Matrix(String name, QuantisationType type, int rows, int columns, MemorySegment data) implements Weights {
    public Matrix {
        if (rows < 1 || columns < 1 || data.byteSize() != Math.multiplyExact((long) rows, type.bytes(columns))) {
            throw new IllegalArgumentException(
                    name + ": " + rows + " × " + columns + " " + type + " in " + data.byteSize() + " bytes");
        }
    }

    /** A tensor of a model, seen as rows of its innermost extent; alive until the model is closed. */
    public static Matrix of(OpenModel file, TensorInfo tensor) {
        return new Matrix(
                tensor.name(),
                tensor.type(),
                Math.toIntExact(tensor.rows()),
                Math.toIntExact(tensor.columns()),
                file.data(tensor));
    }

    /** Bytes of one row. */
    public long rowBytes() {
        return type.bytes(columns);
    }

    /** Where a row begins in the data. */
    public long rowOffset(int row) {
        return row * rowBytes();
    }
}
