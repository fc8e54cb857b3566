package dev.slipway.model.quantise;

import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;

/** In which type a model's matrices are run. */
public sealed interface WeightForm {
    /** As they are stored. */
    WeightForm STORED = new Stored();

    /** The type that a matrix is run in. */
    QuantisationType of(TensorInfo tensor);

    /** Every matrix as it is stored. */
    record Stored() implements WeightForm {
        @Override
        public QuantisationType of(TensorInfo tensor) {
            return tensor.type();
        }
    }

    /**
     * Float matrices are quantised when they are loaded. What is quantised already stays as it is, and so do matrices whose
     * rows do not fill the type's blocks.
     *
     * @param target one of {@link Quantiser#TARGETS}
     */
    record Quantised(QuantisationType target) implements WeightForm {
        public Quantised {
            if (!Quantiser.TARGETS.contains(target)) {
                throw new IllegalArgumentException("nothing is quantised to " + target);
            }
        }

        @Override
        public QuantisationType of(TensorInfo tensor) {
            boolean fits = tensor.columns() % target.blockSize() == 0;
            boolean smaller = target.bytes(target.blockSize()) < tensor.type().bytes(target.blockSize());
            return Quantiser.SOURCES.contains(tensor.type()) && fits && smaller ? target : tensor.type();
        }
    }
}
