package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.model.QuantisationType;
import java.util.EnumMap;
import java.util.Map;

/** The {@link BlockForm} of each quantised type that can be run. */
final class BlockForms {
    private static final byte[] NONE = {};

    /** Most columns of a short row: models of some hundred million weights and more have none that are shorter. */
    private static final int SHORT_ROW = 768;

    /** The sixteen steps of IQ4_NL and IQ4_XS, closer together near zero; given by the format. */
    private static final byte[] UNEVEN = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    /**
     * Twice the values of 4-bit floats: a sign, two bits of exponent and one of fraction.
     *
     * @see <a href="https://www.opencompute.org/documents/ocp-microscaling-formats-mx-v1-0-spec-final-pdf">OCP
     *     Microscaling Formats, section 5.3.3</a>
     */
    private static final byte[] FLOATS_OF_4_BITS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private static final Map<QuantisationType, BlockForm> FORMS = new EnumMap<>(Map.ofEntries(
            Map.entry(QuantisationType.Q8_0, new BlockForm(8, 0, 32, 7, false, NONE, 1)),
            Map.entry(QuantisationType.Q4_0, new BlockForm(4, 0, 32, 3, false, NONE, 1)),
            Map.entry(QuantisationType.Q4_1, new BlockForm(4, 0, 32, -1, true, NONE, 1)),
            Map.entry(QuantisationType.Q5_0, new BlockForm(4, 1, 32, 4, false, NONE, 1)),
            Map.entry(QuantisationType.Q5_1, new BlockForm(4, 1, 32, -1, true, NONE, 1)),
            Map.entry(QuantisationType.Q2_K, new BlockForm(2, 0, 16, -1, true, NONE, 1)),
            Map.entry(QuantisationType.Q3_K, new BlockForm(4, 0, 16, 2, false, NONE, 1)),
            Map.entry(QuantisationType.Q4_K, new BlockForm(4, 0, 32, -1, true, NONE, 1)),
            Map.entry(QuantisationType.Q5_K, new BlockForm(4, 1, 32, -1, true, NONE, 1)),
            Map.entry(QuantisationType.Q6_K, new BlockForm(4, 2, 16, 5, false, NONE, 1)),
            Map.entry(QuantisationType.IQ4_NL, new BlockForm(4, 0, 32, 7, false, UNEVEN, 1)),
            Map.entry(QuantisationType.IQ4_XS, new BlockForm(4, 0, 32, 7, false, UNEVEN, 1)),
            Map.entry(QuantisationType.MXFP4, new BlockForm(4, 0, 32, 7, false, FLOATS_OF_4_BITS, 1))));

    private BlockForms() {}

    static boolean has(QuantisationType type) {
        return FORMS.containsKey(type);
    }

    static BlockForm of(QuantisationType type) {
        BlockForm form = FORMS.get(type);
        if (form == null) {
            throw new IllegalArgumentException("cannot run " + type);
        }
        return form;
    }

    /**
     * The form for rows of so many columns. Short rows belong to small models: their products cost little, and they often
     * choose between tokens by a small margin, so their activations keep 15 bits instead of 8.
     */
    static BlockForm of(QuantisationType type, int columns) {
        return columns <= SHORT_ROW ? of(type).withPlanes(2) : of(type);
    }

    /** What each code stands for, as a multiple of the scale. */
    static float[] values(BlockForm form) {
        float[] values = new float[1 << form.bits() + form.upperBits()];
        for (int code = 0; code < values.length; code++) {
            int offset = form.offsetShift() < 0 ? 0 : 1 << form.offsetShift();
            values[code] = form.table().length > 0 ? form.table()[code] : code - offset;
        }
        return values;
    }
}
