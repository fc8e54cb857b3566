package dev.slipway.engine.kernel;

import static dev.slipway.engine.kernel.VectorRows.FLOATS;
import static dev.slipway.engine.kernel.VectorRows.LANES;

import dev.slipway.engine.kernel.x86.BlockForm;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packed quantised rows times a rounded vector: rows side by side in lanes, products of codes and activations summed up in
 * 16 bits, of which each row has two.
 *
 * <p>A block's sums fit into 16 bits at the end, and so may overflow between. Products of bytes fit by twos only, and are
 * widened at once. The exact sums of a block then meet its scale as floats, in the order that emitted code has: both
 * providers give the same bits.
 *
 * <p>The work is done in passes over all blocks of a group, each for four or eight columns of a block, with the blocks' sums
 * in arrays. The compiler makes good code only of simple loops with few vector operations: it puts vectors into the heap
 * where a method has many more than these, and checks every access anew in loops within loops.
 */
final class VectorBlocks {
    private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, FLOATS.vectorShape());
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, FLOATS.vectorShape());
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final float TWO_TO_112 = 0x1p112f;

    private static final int ROWS = BlockForm.ROWS;
    private static final int VECTOR_BYTES = LANES * Float.BYTES;

    private final BlockForm form;
    private final LaneActivations x;
    private final int blocks;
    private final int blockBytes;
    private final byte[] table;
    private final int center;

    /** Sums of each block: two lanes per row, then one. */
    private final short[] sums;

    private final int[] dots;

    /** For products of one form with {@code x}. */
    VectorBlocks(BlockForm form, LaneActivations x) {
        this.form = form;
        this.x = x;
        this.blocks = x.blocks();
        this.blockBytes = form.blockBytes();
        this.table = new byte[form.table().length == 0 ? 0 : VECTOR_BYTES];
        for (int i = 0; i < table.length; i++) {
            table[i] = form.table()[i % form.table().length];
        }
        this.center = form.offsetShift() < 0 ? LaneActivations.center(form) : 0;
        this.sums = new short[blocks * 2 * ROWS];
        this.dots = new int[blocks * ROWS];
    }

    /**
     * Adds the products of one group with one token, before the rows' factors, to {@code rows}.
     *
     * @param data the group
     */
    void multiply(MemorySegment data, int token, float[] rows) {
        for (int plane = 0; plane < form.planes(); plane++) {
            int pair = x.pairsAt(token, plane);
            if (form.bits() == Byte.SIZE || table.length > 0) {
                startDots(plane);
                for (int four = 0; four < form.unit() / 4; four++) {
                    for (int part = 0; part < ROWS; part += 2 * LANES) {
                        wide(data, four, pair + 2 * four, part);
                    }
                }
            } else {
                startSums(token, plane);
                for (int four = 0; four < form.unit() / 4; four += form.upperBits() > 0 ? 1 : 2) {
                    for (int part = 0; part < ROWS; part += 2 * LANES) {
                        narrow(data, four, pair + 2 * four, part);
                    }
                }
                addSums(token, plane);
            }
        }
        float[] scales = x.scales();
        if (form.minimum()) {
            foldWithMinimums(data, blockBytes, blocks, dots, scales, x.scaledSums(), token * blocks, rows);
        } else {
            fold(data, blockBytes, blocks, dots, scales, token * blocks, rows);
        }
    }

    private void startDots(int plane) {
        for (int i = 0; i < dots.length; i++) {
            dots[i] = plane == 0 ? 0 : dots[i] << BlockForm.PLANE_SHIFT;
        }
    }

    private void startSums(int token, int plane) {
        for (int block = 0; block < blocks; block++) {
            ShortVector start = both(x.start(token, plane, block));
            for (int lane = 0; lane < 2 * ROWS; lane += 2 * LANES) {
                start.intoArray(sums, block * 2 * ROWS + lane);
            }
        }
    }

    private void addSums(int token, int plane) {
        for (int block = 0; block < blocks; block++) {
            int back = center * x.sum(token, plane, block);
            for (int row = block * ROWS; row < (block + 1) * ROWS; row += LANES) {
                IntVector sum =
                        pairSums(ShortVector.fromArray(SHORTS, sums, 2 * row)).add(back);
                if (plane == 0) {
                    sum.intoArray(dots, row);
                } else {
                    IntVector.fromArray(INTS, dots, row)
                            .lanewise(VectorOperators.LSHL, BlockForm.PLANE_SHIFT)
                            .add(sum)
                            .intoArray(dots, row);
                }
            }
        }
    }

    /** Where the codes of four columns begin. */
    private long codes(int four, int part) {
        return form.headerBytes() + (long) (four / form.perByte()) * BlockForm.stepBytes() + part * 4L;
    }

    private void narrow(MemorySegment data, int four, int pair, int part) {
        long at = codes(four, part);
        int shift = four % form.perByte() * form.bits();
        int step = form.unit() / 2;
        if (form.upperBits() > 0) {
            long upper = codes(form.unit() / 4, part);
            int upperShift = four * form.upperBits();
            int mask = (1 << form.upperBits()) - 1;
            four(data, at, upper, blockBytes, blocks, shift, upperShift, mask, x.pairs(), pair, step, sums, 2 * part);
        } else {
            eight(data, at, blockBytes, blocks, shift, form.bits(), x.pairs(), pair, step, sums, 2 * part);
        }
    }

    private void wide(MemorySegment data, int four, int pair, int part) {
        long at = codes(four, part);
        int step = form.unit() / 2;
        if (table.length > 0) {
            int shift = four % form.perByte() * form.bits();
            listed(data, at, blockBytes, blocks, shift, table, x.pairs(), pair, step, dots, part);
        } else {
            bytes(data, at, blockBytes, blocks, x.pairs(), pair, step, dots, part);
        }
    }

    private static void eight(
            MemorySegment data,
            long at,
            int blockBytes,
            int blocks,
            int shift,
            int bits,
            int[] pairs,
            int pair,
            int pairStep,
            short[] sums,
            int lane) {
        ShortVector mask = ShortVector.broadcast(SHORTS, (1 << bits) - 1);
        for (int i = 0; i < blocks; i++) {
            long from = at + (long) i * blockBytes;
            int p = pair + i * pairStep;
            int to = lane + i * 2 * ROWS;
            ShortVector a = shorts(data, from);
            ShortVector b = shorts(data, from + VECTOR_BYTES);
            ShortVector aSum = ShortVector.fromArray(SHORTS, sums, to);
            ShortVector bSum = ShortVector.fromArray(SHORTS, sums, to + 2 * LANES);
            ShortVector each = both(pairs[p]);
            aSum = right(a, shift).and(mask).mul(each).add(aSum);
            bSum = right(b, shift).and(mask).mul(each).add(bSum);
            each = both(pairs[p + 1]);
            aSum = right(a, shift + 8).and(mask).mul(each).add(aSum);
            bSum = right(b, shift + 8).and(mask).mul(each).add(bSum);
            each = both(pairs[p + 2]);
            aSum = right(a, shift + bits).and(mask).mul(each).add(aSum);
            bSum = right(b, shift + bits).and(mask).mul(each).add(bSum);
            each = both(pairs[p + 3]);
            aSum = right(a, shift + bits + 8).and(mask).mul(each).add(aSum);
            bSum = right(b, shift + bits + 8).and(mask).mul(each).add(bSum);
            aSum.intoArray(sums, to);
            bSum.intoArray(sums, to + 2 * LANES);
        }
    }

    private static void four(
            MemorySegment data,
            long at,
            long upperAt,
            int blockBytes,
            int blocks,
            int shift,
            int upperShift,
            int upperMask,
            int[] pairs,
            int pair,
            int pairStep,
            short[] sums,
            int lane) {
        ShortVector mask = ShortVector.broadcast(SHORTS, 15);
        ShortVector upper = ShortVector.broadcast(SHORTS, upperMask);
        for (int i = 0; i < blocks; i++) {
            long from = (long) i * blockBytes;
            int p = pair + i * pairStep;
            int to = lane + i * 2 * ROWS;
            ShortVector low = shorts(data, from + at);
            ShortVector high = shorts(data, from + upperAt);
            ShortVector first =
                    right(low, shift).and(mask).or(left(right(high, upperShift).and(upper), 4));
            ShortVector second = right(low, shift + 8)
                    .and(mask)
                    .or(left(right(high, upperShift + 8).and(upper), 4));
            first.mul(both(pairs[p]))
                    .add(second.mul(both(pairs[p + 1])))
                    .add(ShortVector.fromArray(SHORTS, sums, to))
                    .intoArray(sums, to);
            low = shorts(data, from + at + VECTOR_BYTES);
            high = shorts(data, from + upperAt + VECTOR_BYTES);
            first = right(low, shift).and(mask).or(left(right(high, upperShift).and(upper), 4));
            second = right(low, shift + 8)
                    .and(mask)
                    .or(left(right(high, upperShift + 8).and(upper), 4));
            first.mul(both(pairs[p]))
                    .add(second.mul(both(pairs[p + 1])))
                    .add(ShortVector.fromArray(SHORTS, sums, to + 2 * LANES))
                    .intoArray(sums, to + 2 * LANES);
        }
    }

    private static void bytes(
            MemorySegment data,
            long at,
            int blockBytes,
            int blocks,
            int[] pairs,
            int pair,
            int pairStep,
            int[] dots,
            int row) {
        ShortVector signs = ShortVector.broadcast(SHORTS, (short) 0x8080);
        for (int i = 0; i < blocks; i++) {
            long from = at + (long) i * blockBytes;
            int to = row + i * ROWS;
            ShortVector first = both(pairs[pair + i * pairStep]);
            ShortVector second = both(pairs[pair + i * pairStep + 1]);
            ShortVector a = shorts(data, from).lanewise(VectorOperators.XOR, signs);
            ShortVector b = shorts(data, from + VECTOR_BYTES).lanewise(VectorOperators.XOR, signs);
            ShortVector sum = lower(a).mul(first).add(upper(a).mul(second));
            pairSums(sum).add(IntVector.fromArray(INTS, dots, to)).intoArray(dots, to);
            sum = lower(b).mul(first).add(upper(b).mul(second));
            pairSums(sum).add(IntVector.fromArray(INTS, dots, to + LANES)).intoArray(dots, to + LANES);
        }
    }

    private static void listed(
            MemorySegment data,
            long at,
            int blockBytes,
            int blocks,
            int shift,
            byte[] table,
            int[] pairs,
            int pair,
            int pairStep,
            int[] dots,
            int row) {
        ByteVector values = ByteVector.fromArray(BYTES, table, 0);
        ByteVector mask = ByteVector.broadcast(BYTES, 15);
        for (int i = 0; i < blocks; i++) {
            long from = at + (long) i * blockBytes;
            int to = row + i * ROWS;
            ShortVector first = both(pairs[pair + i * pairStep]);
            ShortVector second = both(pairs[pair + i * pairStep + 1]);
            ShortVector a = right(shorts(data, from), shift)
                    .reinterpretAsBytes()
                    .and(mask)
                    .selectFrom(values)
                    .reinterpretAsShorts();
            ShortVector b = right(shorts(data, from + VECTOR_BYTES), shift)
                    .reinterpretAsBytes()
                    .and(mask)
                    .selectFrom(values)
                    .reinterpretAsShorts();
            ShortVector sum = lower(a).mul(first).add(upper(a).mul(second));
            pairSums(sum).add(IntVector.fromArray(INTS, dots, to)).intoArray(dots, to);
            sum = lower(b).mul(first).add(upper(b).mul(second));
            pairSums(sum).add(IntVector.fromArray(INTS, dots, to + LANES)).intoArray(dots, to + LANES);
        }
    }

    /** Adds {@code scale · scale of the activations · dot} to the rows' sums, block after block. */
    private static void fold(
            MemorySegment data, int blockBytes, int blocks, int[] dots, float[] scales, int scale, float[] rows) {
        for (int row = 0; row < ROWS; row += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, rows, row);
            for (int i = 0; i < blocks; i++) {
                FloatVector own = f16(data, (long) i * blockBytes + row * 2L).mul(scales[scale + i]);
                sum = dot(dots, i * ROWS + row).fma(own, sum);
            }
            sum.intoArray(rows, row);
        }
    }

    private static void foldWithMinimums(
            MemorySegment data,
            int blockBytes,
            int blocks,
            int[] dots,
            float[] scales,
            float[] scaledSums,
            int scale,
            float[] rows) {
        for (int row = 0; row < ROWS; row += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, rows, row);
            for (int i = 0; i < blocks; i++) {
                long at = (long) i * blockBytes + row * 2L;
                FloatVector own = f16(data, at).mul(scales[scale + i]);
                sum = dot(dots, i * ROWS + row).fma(own, sum);
                sum = f16(data, at + 2 * ROWS).fma(FloatVector.broadcast(FLOATS, scaledSums[scale + i]), sum);
            }
            sum.intoArray(rows, row);
        }
    }

    private static FloatVector dot(int[] dots, int at) {
        return (FloatVector) IntVector.fromArray(INTS, dots, at).convert(VectorOperators.I2F, 0);
    }

    /** What stands in the two lanes of each row, added up. */
    private static IntVector pairSums(ShortVector sums) {
        IntVector both = sums.reinterpretAsInts();
        return both.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(both.lanewise(VectorOperators.ASHR, 16));
    }

    /** A pair of activations in every row's two lanes. */
    private static ShortVector both(int pair) {
        return IntVector.broadcast(INTS, pair).reinterpretAsShorts();
    }

    private static ShortVector shorts(MemorySegment data, long at) {
        return ShortVector.fromMemorySegment(SHORTS, data, at, ORDER);
    }

    private static ShortVector lower(ShortVector bytes) {
        return bytes.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
    }

    private static ShortVector upper(ShortVector bytes) {
        return bytes.lanewise(VectorOperators.ASHR, 8);
    }

    private static ShortVector right(ShortVector v, int count) {
        return v.lanewise(VectorOperators.LSHR, count);
    }

    private static ShortVector left(ShortVector v, int count) {
        return v.lanewise(VectorOperators.LSHL, count);
    }

    /** Exponent and fraction of an f16, moved into a float's places, are 2^112 times too small. */
    private static FloatVector f16(MemorySegment data, long at) {
        return ((IntVector) ShortVector.fromMemorySegment(HALVES, data, at, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(0x8FFFE000)
                .reinterpretAsFloats()
                .mul(TWO_TO_112);
    }
}
