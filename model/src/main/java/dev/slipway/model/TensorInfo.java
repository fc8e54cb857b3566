package dev.slipway.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where one tensor lies in its file. A reader has checked all figures against the file before it makes one.
 *
 * @param shape extents, innermost first: a matrix of {@code r} rows and {@code c} columns is {@code [c, r]}
 * @param offset first byte, counted from the start of the file
 * @param bytes length of the data
 */
public record TensorInfo(String name, QuantisationType type, List<Long> shape, long offset, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Extent of the innermost dimension; 1 for a single number. */
    public long columns() {
        return shape.isEmpty() ? 1 : shape.getFirst();
    }

    /** Number of innermost rows. */
    public long rows() {
        return shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    }

    /** The shape as people write it, such as {@code 2048 × 512}. */
    public String shapeText() {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
    }
}
