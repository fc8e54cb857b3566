package dev.slipway.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the numbers of a tensor are stored: blocks of {@code blockSize} neighbouring elements in {@code blockBytes} bytes.
 *
 * <p>Every type that the file formats define is listed, so that a file's layout can be checked and a type that nobody
 * can run is refused by its name.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, ggml_type</a>
 */
public enum QuantisationType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    BOOL(-1, 1, 1),
    U8(-1, 1, 1),
    U16(-1, 1, 2),
    U32(-1, 1, 4),
    U64(-1, 1, 8),
    F8_E4M3(-1, 1, 1),
    F8_E5M2(-1, 1, 1);

    private static final Map<Integer, QuantisationType> BY_GGUF_ID = Arrays.stream(values())
            .filter(type -> type.ggufId >= 0)
            .collect(Collectors.toMap(QuantisationType::ggufId, Function.identity()));

    private final int ggufId;
    private final int blockSize;
    private final int blockBytes;

    QuantisationType(int ggufId, int blockSize, int blockBytes) {
        this.ggufId = ggufId;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** The number that stands for this type in a GGUF file, or -1 for a type that only safetensors files hold. */
    public int ggufId() {
        return ggufId;
    }

    /** Elements per block. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes per block. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Bytes of so many elements in a row.
     *
     * @throws ArithmeticException when the result does not fit a long
     * @throws IllegalArgumentException when the elements do not fill whole blocks
     */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockSize != 0) {
            throw new IllegalArgumentException(elements + " elements do not fill whole blocks of " + this);
        }
        return Math.multiplyExact(elements / blockSize, (long) blockBytes);
    }

    /** The type of a GGUF file's number, or empty when this version knows none. */
    public static Optional<QuantisationType> ofGgufId(int id) {
        return Optional.ofNullable(BY_GGUF_ID.get(id));
    }
}
