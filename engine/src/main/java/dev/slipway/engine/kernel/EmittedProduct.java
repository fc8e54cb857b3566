package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.engine.kernel.x86.FloatForm;
import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.engine.kernel.x86.ProductCode;
import dev.slipway.engine.kernel.x86.QuantiseCode;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;

/**
 * The emitted code for one type: a product for each number of tokens up to the most that fit the registers.
 *
 * @param unit columns of a step: of a block, or 1 for float types
 * @param activationBytes bytes of one step of one token's activations
 * @param products by number of tokens less 1
 * @param quantise turns activations into blocks; empty for float types
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record EmittedProduct(int unit, int activationBytes, MemorySegment[] products, MemorySegment quantise) {

    static EmittedProduct of(Level level, QuantisationType type, int planes) {
        if (BlockForms.has(type)) {
            BlockForm form = BlockForms.of(type).withPlanes(planes);
            MemorySegment[] products = new MemorySegment[ProductCode.mostTokens(level, form)];
            for (int tokens = 1; tokens <= products.length; tokens++) {
                products[tokens - 1] = NativeCode.load(ProductCode.of(level, form, tokens));
            }
            MemorySegment quantise = NativeCode.load(QuantiseCode.of(form));
            return new EmittedProduct(form.unit(), form.activationBytes(), products, quantise);
        }
        FloatForm form = floatForm(type);
        MemorySegment[] products = new MemorySegment[ProductCode.mostTokens(level, form)];
        for (int tokens = 1; tokens <= products.length; tokens++) {
            products[tokens - 1] = NativeCode.load(ProductCode.of(level, form, tokens));
        }
        return new EmittedProduct(1, Float.BYTES, products, MemorySegment.NULL);
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

    int mostTokens() {
        return products.length;
    }
}
