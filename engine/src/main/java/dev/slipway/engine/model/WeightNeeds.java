package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.quantise.WeightForm;
import java.util.Map;

/**
 * What a model's weights will take, told from its tensors' types and shapes; what is wrong with them is for
 * {@link TextModel#of} to say.
 *
 * @param mapped bytes that are read where they lie in the file
 * @param packed bytes of memory beside the file
 */
public record WeightNeeds(long mapped, long packed) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /** No row is longer in any model that can be run. */
    private static final long LONGEST_ROW = 1 << 18;

    public static WeightNeeds of(OpenModel model, Compute compute, WeightForm form) {
        long mapped = 0;
        long packed = 0;
        boolean tied = model.tensor(OUTPUT).isEmpty();
        for (Map.Entry<String, TensorInfo> entry : model.tensors().entrySet()) {
            TensorInfo tensor = entry.getValue();
            if (entry.getKey().equals(EMBEDDING) && !tied) {
                // Only the rows of the tokens that occur are read.
                continue;
            }
            QuantisationType type = form.of(tensor);
            if (tensor.shape().size() < 2
                    || tensor.columns() > LONGEST_ROW
                    || tensor.rows() > Integer.MAX_VALUE
                    || !StoredFloats.SUPPORTED.contains(type)) {
                packed += tensor.shape().size() < 2 ? tensor.elements() * Float.BYTES : 0;
                continue;
            }
            long loaded = compute.loadedBytes(type, (int) tensor.rows(), (int) tensor.columns());
            if (loaded > 0) {
                packed += loaded;
            } else if (type == tensor.type()) {
                mapped += tensor.bytes();
            } else {
                packed += Math.multiplyExact(type.bytes(tensor.columns()), tensor.rows());
            }
        }
        return new WeightNeeds(mapped, packed);
    }
}
