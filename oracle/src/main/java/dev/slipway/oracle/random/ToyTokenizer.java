package dev.slipway.oracle.random;

import dev.slipway.model.gguf.GgufWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte-level tokenizer of any size: all bytes, then pairs, then triples of common letters, each with the merge that makes
 * it, then control tokens.
 */
public final class ToyTokenizer {
    /** The smallest vocabulary. */
    public static final int LEAST = 300;

    private static final List<String> CONTROL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final String LETTERS = "etaoinshrdlucmfwypvbgkjqxzETAOINSHRDLUCMFWYPVBGKJQXZ0123456789Ġ.,";
    private static final String TEMPLATE = """
            {%- for message in messages -%}
            <|im_start|>{{ message.role }}
            {{ message.content }}<|im_end|>
            {% endfor -%}
            {%- if add_generation_prompt %}<|im_start|>assistant
            {% endif -%}
            """;

    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();

    private ToyTokenizer(int size) {
        int moved = 0;
        for (int b = 0; b < 256; b++) {
            boolean shown = (b > 32 && b < 127) || (b > 160 && b != 173);
            tokens.add(String.valueOf((char) (shown ? b : 256 + moved++)));
        }
        int room = size - 256 - CONTROL.size();
        List<String> before = LETTERS.chars().mapToObj(Character::toString).toList();
        while (merges.size() < room) {
            before = longer(before, room);
        }
        tokens.addAll(CONTROL);
    }

    /** All texts of one letter more, as long as there is room. */
    private List<String> longer(List<String> before, int room) {
        List<String> longer = new ArrayList<>();
        for (String start : before) {
            for (int i = 0; i < LETTERS.length() && merges.size() < room; i++) {
                String end = LETTERS.substring(i, i + 1);
                longer.add(start + end);
                tokens.add(start + end);
                merges.add(start + " " + end);
            }
        }
        return longer;
    }

    /** Adds a tokenizer's metadata to a file. */
    static void write(GgufWriter writer, int size, String preTokenizer) {
        if (size < LEAST) {
            throw new IllegalArgumentException("a vocabulary of " + size + " tokens");
        }
        ToyTokenizer toy = new ToyTokenizer(size);
        int[] kinds = new int[size];
        for (int i = 0; i < size; i++) {
            kinds[i] = i < size - CONTROL.size() ? 1 : 3;
        }
        writer.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", preTokenizer)
                .texts("tokenizer.ggml.tokens", toy.tokens)
                .wholes("tokenizer.ggml.token_type", kinds)
                .texts("tokenizer.ggml.merges", toy.merges)
                .whole("tokenizer.ggml.bos_token_id", size - 3)
                .whole("tokenizer.ggml.eos_token_id", size - 1)
                .truth("tokenizer.ggml.add_bos_token", false)
                .text("tokenizer.chat_template", TEMPLATE);
    }
}
