package dev.slipway.oracle.forward;

import dev.slipway.model.ModelFile;
import dev.slipway.model.TensorInfo;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The tensors of a file, unpacked when they are first asked for and kept. */
final class StoredWeights {
    private final ModelFile file;
    private final Map<String, double[][]> unpacked = new HashMap<>();

    StoredWeights(ModelFile file) {
        this.file = file;
    }

    boolean has(String name) {
        return file.tensor(name).isPresent();
    }

    double[] vector(String name) {
        return matrix(name)[0];
    }

    /** Rows of a matrix; a vector is one row. */
    double[][] matrix(String name) {
        return unpacked.computeIfAbsent(name, this::unpack);
    }

    private double[][] unpack(String name) {
        TensorInfo tensor = file.tensor(name).orElseThrow(() -> new IllegalArgumentException("no tensor " + name));
        BlockDecoder decoder = new BlockDecoder(file.data(tensor).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        int columns = (int) tensor.columns();
        int size = tensor.type().blockSize();
        int rowBytes = (int) tensor.type().bytes(columns);
        double[][] rows = new double[(int) tensor.rows()][columns];
        for (int row = 0; row < rows.length; row++) {
            for (int block = 0; block < columns / size; block++) {
                int at = row * rowBytes + block * tensor.type().blockBytes();
                decoder.decode(tensor.type(), at, rows[row], block * size);
            }
        }
        return rows;
    }
}
