package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;

/**
 * A matrix in the form that a provider multiplies: as stored, or packed by {@link KernelProvider#load}. Only the provider
 * that loaded it can use it.
 */
public sealed interface Weights permits Matrix, PackedMatrix {
    /** The tensor's name, for error messages. */
    String name();

    /** How the numbers are stored in the file. */
    QuantisationType type();

    int rows();

    int columns();
}
