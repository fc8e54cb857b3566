package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.BlockForm;

/**
 * Vectors for {@link VectorKernels}: as they are for float weights; for quantised ones rounded as emitted code rounds them
 * ({@link dev.slipway.engine.kernel.x86.QuantiseCode}), and laid out for products in 16-bit lanes.
 *
 * <p>Of each four columns, packed weights have the first two in one 16-bit lane of their row and the other two in the
 * next. So numbers come in pairs in an {@code int}: those of the first and third column, then those of the second and
 * fourth.
 */
final class LaneActivations implements Activations {
    /** Blocks whose largest number is below this become zeros. */
    private static final float LEAST = 1e-30f;

    /** Adding and subtracting it rounds to the nearest whole number, halves to even. */
    private static final float ROUNDER = 12582912;

    private static final int HALF_PLANE = 1 << BlockForm.PLANE_SHIFT - 1;

    private float[] x = {};
    private int tokens;
    private int columns;
    private int unit;
    private int planes;
    private int center;

    /** Per token, plane and pair. */
    private int[] pairs = {};

    /** Per token and block: the scale; the scale times the sum of the rounded numbers. */
    private float[] scales = {};

    private float[] scaledSums = {};

    /** Per token, plane and block: the sum of the rounded numbers, and what sums in 16-bit lanes begin with. */
    private int[] sums = {};

    private int[] starts = {};

    float[] x() {
        return x;
    }

    int tokens() {
        return tokens;
    }

    /** By token, then by block. */
    float[] scales() {
        return scales;
    }

    float[] scaledSums() {
        return scaledSums;
    }

    int[] pairs() {
        return pairs;
    }

    /** Where the pairs of a token's plane begin. */
    int pairsAt(int token, int plane) {
        return (token * planes + plane) * (columns / 2);
    }

    int blocks() {
        return columns / unit;
    }

    float scale(int token, int block) {
        return scales[token * blocks() + block];
    }

    float scaledSum(int token, int block) {
        return scaledSums[token * blocks() + block];
    }

    private int at(int token, int plane, int block) {
        return (token * planes + plane) * blocks() + block;
    }

    /** The sum of a plane's numbers in a block. */
    int sum(int token, int plane, int block) {
        return sums[at(token, plane, block)];
    }

    /** Minus the center of the codes times the sums of the numbers that meet in each of two lanes. */
    int start(int token, int plane, int block) {
        return starts[at(token, plane, block)];
    }

    @Override
    public boolean suit(Weights weights) {
        if (weights.columns() != columns) {
            return false;
        }
        if (!BlockForms.has(weights.type())) {
            return true;
        }
        BlockForm form = BlockForms.of(weights.type(), columns);
        return form.unit() == unit && form.planes() == planes && center(form) == center;
    }

    /** What is taken off codes so that sums of products fit 16 bits. */
    static int center(BlockForm form) {
        if (form.table().length > 0 || form.bits() == Byte.SIZE) {
            return 0;
        }
        int offset = form.offsetShift() < 0 ? 0 : 1 << form.offsetShift();
        return form.upperBits() > 0 ? 1 << form.bits() + form.upperBits() - 1 : offset;
    }

    @Override
    public void fill(Weights weights, float[] x, int tokens, KernelProvider.Split split) {
        this.x = x;
        this.tokens = tokens;
        this.columns = weights.columns();
        this.unit = 0;
        if (!BlockForms.has(weights.type())) {
            return;
        }
        BlockForm form = BlockForms.of(weights.type(), columns);
        this.unit = form.unit();
        this.planes = form.planes();
        this.center = center(form);
        java.util.Objects.checkFromIndexSize(0, Math.multiplyExact(tokens, columns), x.length);
        int blocks = tokens * blocks();
        if (pairs.length < tokens * planes * (columns / 2) || starts.length < blocks * planes) {
            pairs = new int[tokens * planes * (columns / 2)];
            scales = new float[blocks];
            scaledSums = new float[blocks];
            sums = new int[blocks * planes];
            starts = new int[blocks * planes];
        }
        split.forEach(tokens, (from, to) -> {
            int[] whole = new int[unit];
            for (int token = from; token < to; token++) {
                for (int block = 0; block < blocks(); block++) {
                    round(form, token, block, whole);
                }
            }
        });
    }

    private void round(BlockForm form, int token, int block, int[] whole) {
        int from = token * columns + block * unit;
        float largest = 0;
        for (int i = 0; i < unit; i++) {
            largest = Math.max(largest, Math.abs(x[from + i]));
        }
        float most = form.mostActivation();
        float scale = largest / most;
        float inverse = most / Math.max(largest, LEAST);
        int sum = 0;
        for (int i = 0; i < unit; i++) {
            int rounded = (int) (x[from + i] * inverse + ROUNDER - ROUNDER);
            whole[i] = rounded;
            sum += rounded;
        }
        int at = token * blocks() + block;
        scales[at] = scale;
        scaledSums[at] = sum * scale;
        if (planes == 1) {
            put(token, 0, block, whole);
        } else {
            int[] first = new int[unit];
            for (int i = 0; i < unit; i++) {
                first[i] = whole[i] + HALF_PLANE >> BlockForm.PLANE_SHIFT;
                whole[i] -= first[i] << BlockForm.PLANE_SHIFT;
            }
            put(token, 0, block, first);
            put(token, 1, block, whole);
        }
    }

    private void put(int token, int plane, int block, int[] numbers) {
        int to = pairsAt(token, plane) + block * unit / 2;
        int even = 0;
        int odd = 0;
        for (int i = 0; i < unit; i += 4) {
            pairs[to++] = numbers[i] & 0xFFFF | numbers[i + 2] << 16;
            pairs[to++] = numbers[i + 1] & 0xFFFF | numbers[i + 3] << 16;
            even += numbers[i] + numbers[i + 1];
            odd += numbers[i + 2] + numbers[i + 3];
        }
        int at = at(token, plane, block);
        sums[at] = even + odd;
        starts[at] = -center * even & 0xFFFF | -center * odd << 16;
    }
}
