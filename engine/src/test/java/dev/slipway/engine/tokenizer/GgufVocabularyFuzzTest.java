package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.base.CodedException;
import dev.slipway.model.Metadata;
import dev.slipway.model.Metadata.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys of a vocabulary, changed at random: each is refused in words or gives a tokenizer that reads any text. */
class GgufVocabularyFuzzTest {
    private static final List<String> STRINGS = List.of(
            "gpt2", "llama", "t5", "bert", "qwen2", "tekken", "deepseek-llm", "", "a", "ab", "a b", "Ġ", "▁", "##");

    private static final List<String> TOKENS = List.of(
            "<unk>", "<s>", "</s>", "a", "b", "ab", "▁", "▁a", "Ġ", "Ġa", "<0x41>", "<0xC3>", "[CLS]", "[SEP]",
            "[UNK]");

    private static final List<String> TEXTS = List.of("ab ba é 🦙 <s>", "", "▁▁ a", "\uD800x", "a\u0301 A\r\n\t12");

    private final SplittableRandom random = new SplittableRandom(20);
    private int built;

    @Test
    void changedKeysAreRefusedOrRead() {
        fuzz(2_000);
        assertThat(built).as("vocabularies that could be read").isGreaterThan(200);
    }

    @Tag("stress")
    @Test
    void manyChangedKeysAreRefusedOrRead() {
        fuzz(400_000);
    }

    private void fuzz(int rounds) {
        for (int round = 0; round < rounds; round++) {
            Map<String, Value> keys =
                    good(List.of("gpt2", "llama", "t5", "bert").get(round % 4));
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(keys);
            }
            try {
                use(Tokenizers.of(GgufVocabulary.read(new Metadata("fuzz", keys))));
            } catch (CodedException refused) {
                assertThat(refused.getMessage()).isNotBlank();
                assertThat(refused.hint()).isNotBlank();
            } catch (RuntimeException e) {
                fail("round " + round + ": " + keys, e);
            }
        }
    }

    private void use(Tokenizer tokenizer) {
        built++;
        for (String text : TEXTS) {
            try {
                int[] tokens = tokenizer.frame(tokenizer.encode(text, random.nextBoolean()));
                assertThat(Arrays.stream(tokens).allMatch(token -> token >= 0 && token < tokenizer.vocabularySize()))
                        .isTrue();
                tokenizer.decode(tokens);
            } catch (CodedException refused) {
                // A vocabulary without a token for some byte says so.
                assertThat(refused.code()).isEqualTo("engine.text-not-encodable");
            }
        }
    }

    private static Map<String, Value> good(String model) {
        Map<String, Value> keys = new LinkedHashMap<>();
        put(keys, "model", new Value.Text(model));
        put(keys, "pre", new Value.Text("qwen2"));
        put(keys, "tokens", new Value.Texts(TOKENS));
        put(keys, "token_type", new Value.Wholes(new long[] {2, 3, 3, 1, 1, 1, 1, 1, 1, 1, 6, 6, 3, 3, 2}));
        put(keys, "scores", new Value.Reals(new float[TOKENS.size()]));
        put(keys, "merges", new Value.Texts(List.of("a b", "Ġ a")));
        put(keys, "unknown_token_id", new Value.Whole(0));
        put(keys, "bos_token_id", new Value.Whole(1));
        put(keys, "eos_token_id", new Value.Whole(2));
        put(keys, "add_space_prefix", new Value.Truth(true));
        put(keys, "add_bos_token", new Value.Truth(true));
        put(keys, "remove_extra_whitespaces", new Value.Truth(true));
        if (model.equals("gpt2")) {
            long[] plain = new long[TOKENS.size()];
            Arrays.fill(plain, 1);
            put(keys, "token_type", new Value.Wholes(plain));
        }
        return keys;
    }

    private static void put(Map<String, Value> keys, String key, Value value) {
        keys.put("tokenizer.ggml." + key, value);
    }

    private void change(Map<String, Value> keys) {
        List<String> names = new ArrayList<>(keys.keySet());
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(8)) {
            case 0 -> keys.remove(name);
            case 1 -> keys.put(name, anyValue());
            case 2 -> put(keys, "precompiled_charsmap", new Value.Wholes(numbers(random.nextInt(40))));
            default -> keys.put(name, nearby(keys.get(name)));
        }
    }

    /** Of the same type, with something in it changed. */
    private Value nearby(Value value) {
        return switch (value) {
            case Value.Text _ -> new Value.Text(string());
            case Value.Whole _ -> new Value.Whole(number());
            case Value.Real _ -> new Value.Real(real());
            case Value.Truth(boolean truth) -> new Value.Truth(!truth);
            case Value.Texts(List<String> texts) -> {
                List<String> changed = new ArrayList<>(texts);
                if (random.nextInt(5) == 0 || changed.isEmpty()) {
                    changed.add(string());
                } else {
                    changed.set(random.nextInt(changed.size()), string());
                }
                yield new Value.Texts(changed);
            }
            case Value.Wholes(long[] wholes) -> {
                long[] changed = Arrays.copyOf(wholes, wholes.length + (random.nextInt(8) == 0 ? 1 : 0));
                if (changed.length > 0) {
                    changed[random.nextInt(changed.length)] = number();
                }
                yield new Value.Wholes(changed);
            }
            case Value.Reals(float[] reals) -> {
                float[] changed = Arrays.copyOf(reals, reals.length + (random.nextInt(8) == 0 ? 1 : 0));
                if (changed.length > 0) {
                    changed[random.nextInt(changed.length)] = real();
                }
                yield new Value.Reals(changed);
            }
        };
    }

    private Value anyValue() {
        return switch (random.nextInt(7)) {
            case 0 -> new Value.Text(string());
            case 1 -> new Value.Whole(number());
            case 2 -> new Value.Real(real());
            case 3 -> new Value.Truth(random.nextBoolean());
            case 4 -> new Value.Texts(List.of(string(), string()));
            case 5 -> new Value.Wholes(numbers(random.nextInt(4)));
            default -> new Value.Reals(new float[] {real()});
        };
    }

    private long[] numbers(int count) {
        long[] numbers = new long[count];
        Arrays.setAll(numbers, i -> number());
        return numbers;
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 ->
                List.of(-1L, 0xFFFF_FFFFL, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31)
                        .get(random.nextInt(5));
            default -> random.nextInt(0, 20);
        };
    }

    private float real() {
        return switch (random.nextInt(4)) {
            case 0 -> Float.intBitsToFloat(random.nextInt());
            case 1 ->
                List.of(Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MAX_VALUE)
                        .get(random.nextInt(4));
            default -> -random.nextInt(20);
        };
    }

    private String string() {
        if (random.nextInt(3) > 0) {
            List<String> from = random.nextBoolean() ? STRINGS : TOKENS;
            return from.get(random.nextInt(from.size()));
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append((char) (random.nextInt(6) == 0 ? random.nextInt(0x10000) : random.nextInt(32, 127)));
        }
        return text.toString();
    }
}
