package dev.slipway.oracle.random;

import dev.slipway.model.QuantisationType;
import java.util.Locale;

/** Which type each matrix of a file has, as llama.cpp's own quantising program gives them out. */
public sealed interface TypeMix {
    /** Files as people download them, under the names they know. */
    TypeMix F16 = new Uniform(QuantisationType.F16);

    TypeMix Q8_0 = new Uniform(QuantisationType.Q8_0);
    TypeMix Q4_0 = new WithBetterOutput(QuantisationType.Q4_0);
    TypeMix Q4_K_M = new Mixed();

    /** Such as {@code q4_k_m}. */
    String label();

    /** The type of the token embedding and the output. */
    QuantisationType output(int columns);

    /**
     * The type of a matrix of a block.
     *
     * @param name its last part, such as {@code attn_v}
     */
    QuantisationType inner(String name, int block, int blocks, int columns);

    /** The same type everywhere. */
    record Uniform(QuantisationType type) implements TypeMix {
        @Override
        public String label() {
            return type.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public QuantisationType output(int columns) {
            return type;
        }

        @Override
        public QuantisationType inner(String name, int block, int blocks, int columns) {
            return type;
        }
    }

    /** The same type everywhere but in the output, which is kept in more bits. */
    record WithBetterOutput(QuantisationType type) implements TypeMix {
        @Override
        public String label() {
            return type.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public QuantisationType output(int columns) {
            return fitting(QuantisationType.Q6_K, columns);
        }

        @Override
        public QuantisationType inner(String name, int block, int blocks, int columns) {
            return type;
        }
    }

    /** Four bits, and six for the output and for values and last products of half the blocks. */
    record Mixed() implements TypeMix {
        @Override
        public String label() {
            return "q4_k_m";
        }

        @Override
        public QuantisationType output(int columns) {
            return fitting(QuantisationType.Q6_K, columns);
        }

        @Override
        public QuantisationType inner(String name, int block, int blocks, int columns) {
            boolean sensitive = name.equals("attn_v") || name.equals("ffn_down");
            boolean favoured = block < blocks / 8 || block >= 7 * blocks / 8 || (block - blocks / 8) % 3 == 2;
            return fitting(sensitive && favoured ? QuantisationType.Q6_K : QuantisationType.Q4_K, columns);
        }
    }

    /** Rows that do not fill blocks of 256 take the next larger type with blocks of 32. */
    private static QuantisationType fitting(QuantisationType type, int columns) {
        if (columns % type.blockSize() == 0) {
            return type;
        }
        return type == QuantisationType.Q4_K ? QuantisationType.Q5_0 : QuantisationType.Q8_0;
    }
}
