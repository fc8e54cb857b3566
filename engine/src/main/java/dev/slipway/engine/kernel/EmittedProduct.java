package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.engine.kernel.x86.FloatForm;
import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.engine.kernel.x86.ProductCode;
import dev.slipway.engine.kernel.x86.QuantiseCode;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/**
 * The emitted code for one type: a product for each number of tokens up to the most that fit the registers.
 *
 * @param unit columns of a step: of a block, or 1 for float types
 * @param activationBytes bytes of one step of one token's activations
 * @param products by number of tokens less 1, for weights that come from memory
 * @param repeated for the most tokens, where each weight meets several tiles of them
 * @param quantise turns activations into blocks; empty for float types
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record EmittedProduct(
        int unit, int activationBytes, MemorySegment[] products, MemorySegment repeated, MemorySegment quantise) {

    static EmittedProduct of(Level level, QuantisationType type, int planes) {
        if (BlockForms.has(type)) {
            BlockForm form = BlockForms.of(type).withPlanes(planes);
            int most = ProductCode.mostTokens(level, form);
            return new EmittedProduct(
                    form.unit(),
                    form.activationBytes(),
                    each(most, tokens -> ProductCode.of(level, form, tokens, true)),
                    NativeCode.load(ProductCode.of(level, form, most, false)),
                    NativeCode.load(QuantiseCode.of(form)));
        }
        FloatForm form = floatForm(type);
        int most = ProductCode.mostTokens(level, form);
        return new EmittedProduct(
                1,
                Float.BYTES,
                each(most, tokens -> ProductCode.of(level, form, tokens, true)),
                NativeCode.load(ProductCode.of(level, form, most, false)),
                MemorySegment.NULL);
    }

    private static MemorySegment[] each(int mostTokens, IntFunction<byte[]> code) {
        MemorySegment[] products = new MemorySegment[mostTokens];
        for (int tokens = 1; tokens <= mostTokens; tokens++) {
            products[tokens - 1] = NativeCode.load(code.apply(tokens));
        }
        return products;
    }

    static FloatForm floatForm(QuantisationType type) {
        return switch (type) {
            case F32 -> FloatForm.F32;
            case F16 -> FloatForm.F16;
            case BF16 -> FloatForm.BF16;
            default -> throw new IllegalArgumentException("cannot run " + type);
        };
    }

    /** Whether activations are quantised for this type. */
    boolean quantises() {
        return quantise.byteSize() > 0;
    }

    /** Whether both take the same activations. */
    boolean takesWhat(EmittedProduct other) {
        return unit == other.unit
                && activationBytes == other.activationBytes
                && quantises() == other.quantises()
                && mostTokens() == other.mostTokens();
    }

    int mostTokens() {
        return products.length;
    }

    /** The code for tiles of so many tokens. */
    MemorySegment code(int tokens, int tiles) {
        return tokens == mostTokens() && tiles > 1 ? repeated : products[tokens - 1];
    }
}
