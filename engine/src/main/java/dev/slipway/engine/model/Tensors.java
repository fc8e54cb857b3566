package dev.slipway.engine.model;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.engine.kernel.Weights;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.quantise.WeightForm;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes tensors out of a model file by name and checks that each has the type and shape that the architecture gives it.
 *
 * <p>{@link #refuseLeftovers} refuses a file that holds tensors that nobody took: they would be left out of the calculation without
 * a word, and the answers would be wrong.
 */
final class Tensors {
    private final OpenModel file;
    private final Compute compute;
    private final WeightForm form;
    private final Set<String> untaken;
    private final Map<QuantisationType, Matrix> samples = new EnumMap<>(QuantisationType.class);
    private long parameters;
    private long bytes;

    Tensors(OpenModel file, Compute compute, WeightForm form) {
        this.file = file;
        this.compute = compute;
        this.form = form;
        this.untaken = new TreeSet<>(file.tensors().keySet());
    }

    /** A matrix of {@code rows × columns}, ready for products. */
    Weights weights(String name, int rows, int columns) {
        TensorInfo tensor = take(name, List.of((long) columns, (long) rows));
        Matrix stored = Matrix.of(file, tensor);
        Weights weights = compute.load(stored, form.of(tensor));
        Matrix sample = weights instanceof Matrix matrix ? matrix : stored;
        samples.putIfAbsent(sample.type(), sample);
        return weights;
    }

    /** A matrix of {@code rows × columns} as it is stored. */
    Matrix matrix(String name, int rows, int columns) {
        return Matrix.of(file, take(name, List.of((long) columns, (long) rows)));
    }

    /** One matrix of each type. */
    List<Matrix> samples() {
        return List.copyOf(samples.values());
    }

    /** A vector, unpacked to floats. */
    float[] vector(String name, int length) {
        TensorInfo tensor = take(name, List.of((long) length));
        float[] values = new float[length];
        StoredFloats.row(Matrix.of(file, tensor), 0, values, 0);
        return values;
    }

    boolean has(String name) {
        return file.tensors().containsKey(name);
    }

    /** The number of rows of a matrix that fixes a size itself, such as the vocabulary's. */
    int rows(String name) {
        TensorInfo tensor = find(name, "a matrix");
        if (tensor.shape().size() != 2 || tensor.rows() > Integer.MAX_VALUE / 2) {
            throw wrong("the tensor '" + file.storedName(name) + "' has the shape " + tensor.shapeText()
                    + " where a matrix is expected");
        }
        return (int) tensor.rows();
    }

    /** What was taken so far. */
    WeightTotals totals(int vocabularySize) {
        return new WeightTotals(vocabularySize, parameters, bytes);
    }

    private TensorInfo find(String name, String expected) {
        return file.tensor(name)
                .orElseThrow(() -> wrong("the tensor '" + file.storedName(name) + "' (" + expected + ") is missing"));
    }

    private TensorInfo take(String name, List<Long> shape) {
        String expected = new TensorInfo(name, QuantisationType.F32, shape, 0, 0).shapeText();
        TensorInfo tensor = find(name, expected);
        if (!tensor.shape().equals(shape)) {
            throw wrong("the tensor '" + file.storedName(name) + "' has the shape " + tensor.shapeText() + ", expected "
                    + expected);
        }
        if (!StoredFloats.SUPPORTED.contains(tensor.type())) {
            throw new EngineException(
                    "engine.unsupported-type",
                    ErrorKind.INVALID,
                    "The model " + file.path() + " cannot be run: the tensor '" + file.storedName(name)
                            + "' is stored as " + tensor.type() + ".",
                    "Use a file of this model in one of " + supported() + ".",
                    null);
        }
        if (untaken.remove(name)) {
            parameters += tensor.elements();
            bytes += tensor.bytes();
        }
        return tensor;
    }

    private static String supported() {
        return String.join(
                ", ", StoredFloats.SUPPORTED.stream().sorted().map(Enum::name).toList());
    }

    private EngineException wrong(String what) {
        return new EngineException(
                "engine.wrong-tensor",
                ErrorKind.CORRUPT,
                "The model " + file.path() + " cannot be run: " + what + ".",
                "Get the file from another source, or convert the model again.",
                null);
    }

    /** Call this when everything was taken. */
    void refuseLeftovers() {
        for (TensorInfo tensor : file.tensors().values()) {
            if (untaken.contains(tensor.name())) {
                throw wrong("its architecture has no place for the tensor '" + file.storedName(tensor.name()) + "' ("
                        + tensor.shapeText() + ")");
            }
        }
    }
}
