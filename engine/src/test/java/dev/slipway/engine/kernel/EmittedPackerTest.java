package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emitted code packs to the same bits as Java. */
class EmittedPackerTest {
    private static final int BLOCK_BYTES = 34;
    private static final KernelProvider.Split ALONE = (items, range) -> range.run(0, items);

    /** Zero, the smallest and the largest f16, subnormal ones, infinity and what is no number. */
    private static final short[] SCALES = {0, 1, -0x8000, 0x7BFF, (short) 0xFBFF, 0x03FF, 0x0400, 0x7C00, 0x7E01};

    @BeforeEach
    void codeCanBeEmitted() {
        Processor processor = KernelProviders.processor();
        if (processor.levels().isEmpty()) {
            System.out.println("skipped: " + processor.obstacle());
        }
        assumeTrue(!processor.levels().isEmpty(), "code can be emitted");
    }

    /** The first rows have usual scales, some later ones a special scale in one block, others in all blocks. */
    private static Matrix matrix(Arena arena, int rows, int columns) {
        Random random = new Random(columns);
        int blocks = columns / 32;
        MemorySegment data = arena.allocate((long) rows * blocks * BLOCK_BYTES, 64);
        for (int r = 0; r < rows; r++) {
            int onlyAt = random.nextInt(blocks);
            short special = SCALES[r % SCALES.length];
            for (int block = 0; block < blocks; block++) {
                long at = ((long) r * blocks + block) * BLOCK_BYTES;
                byte[] codes = new byte[32];
                random.nextBytes(codes);
                boolean usual = r < 20 || r < 60 && block != onlyAt;
                float scale = (random.nextFloat() - 0.5f) * Math.scalb(1f, random.nextInt(20) - 14);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, usual ? Float.floatToFloat16(scale) : special);
                MemorySegment.copy(codes, 0, data, ValueLayout.JAVA_BYTE, at + 2, 32);
            }
        }
        return new Matrix("packed", QuantisationType.Q8_0, rows, columns, data);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 896, 4864})
    void packsWhatJavaPacks(int columns) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix matrix = matrix(arena, 104, columns);
            BlockForm form = BlockForms.of(QuantisationType.Q8_0);
            assertThat(EmittedPacker.takes(matrix)).isTrue();
            PackedMatrix packed = Packer.pack(matrix, form, true, arena, ALONE);
            PackedMatrix expected = new PackedMatrix(
                    matrix.name(),
                    matrix.type(),
                    matrix.rows(),
                    columns,
                    packed.groupBytes(),
                    arena.allocate(packed.data().byteSize(), 64));
            Packer.repack(matrix, form, expected, 0, 4);
            assertThat(packed.data().mismatch(expected.data())).isEqualTo(-1);
        }
    }
}
