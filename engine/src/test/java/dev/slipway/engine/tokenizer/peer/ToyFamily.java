package dev.slipway.engine.tokenizer.peer;

import dev.slipway.engine.tokenizer.TokenKind;
import dev.slipway.engine.tokenizer.split.ByteAlphabet;
import dev.slipway.engine.tokenizer.split.PieceSink;
import dev.slipway.engine.tokenizer.split.PreTokenizers;
import dev.slipway.model.gguf.GgufWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** A small vocabulary of one family, trained on mixed text, as a GGUF file and as a {@code tokenizer.json}. */
final class ToyFamily {
    private static final int MERGES = 300;
    private static final int TRAINING = 20_000;

    final String name;
    private final String ggufModel;
    private final List<String> tokens = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<PairTrainer.Pair> merges = new ArrayList<>();

    private ToyFamily(String name, String ggufModel) {
        this.name = name;
        this.ggufModel = ggufModel;
    }

    private void add(String token, TokenKind kind, float score) {
        tokens.add(token);
        kinds.add(kind);
        scores.add(score);
    }

    private void addAll(Iterable<String> texts) {
        Set<String> known = new LinkedHashSet<>(tokens);
        for (String text : texts) {
            if (known.add(text)) {
                add(text, TokenKind.NORMAL, 0);
            }
        }
    }

    /** Byte-level BPE with a pre-tokenizer of that name. */
    static ToyFamily byteLevel(String preTokenizer) {
        ToyFamily toy = new ToyFamily(preTokenizer, "gpt2");
        for (int value = 0; value < 256; value++) {
            toy.add(String.valueOf(ByteAlphabet.letter(value)), TokenKind.NORMAL, 0);
        }
        List<String> words = new ArrayList<>();
        PieceSink sink = (text, from, to, first) -> {
            byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            words.add(ByteAlphabet.spell(bytes, bytes.length));
        };
        String text = MixedText.of(1, TRAINING);
        PreTokenizers.named(preTokenizer).splitter().start(sink).piece(text, 0, text.length(), true);
        toy.merges.addAll(PairTrainer.train(words, MERGES));
        toy.addAll(toy.merges.stream().map(PairTrainer.Pair::joined).toList());
        toy.add("<|end|>", TokenKind.CONTROL, 0);
        return toy;
    }

    /** SentencePiece BPE with bytes to fall back on. */
    static ToyFamily sentencePiece() {
        ToyFamily toy = new ToyFamily("spm", "llama");
        toy.add("<unk>", TokenKind.UNKNOWN, 0);
        toy.add("<s>", TokenKind.CONTROL, 0);
        toy.add("</s>", TokenKind.CONTROL, 0);
        for (int value = 0; value < 256; value++) {
            toy.add(String.format("<0x%02X>", value), TokenKind.BYTE, 0);
        }
        List<String> words = spacedWords(MixedText.of(1, TRAINING));
        List<PairTrainer.Pair> learned = PairTrainer.train(words, MERGES);
        Set<String> known = new LinkedHashSet<>(Set.of("▁"));
        toy.add("▁", TokenKind.NORMAL, -known.size());
        for (PairTrainer.Pair pair : learned) {
            if (known.add(pair.joined())) {
                toy.add(pair.joined(), TokenKind.NORMAL, -known.size());
                toy.merges.add(pair);
            }
        }
        words.stream()
                .flatMapToInt(String::codePoints)
                .distinct()
                .sorted()
                .limit(400)
                .forEach(letter -> {
                    if (known.add(Character.toString(letter))) {
                        toy.add(Character.toString(letter), TokenKind.NORMAL, -known.size());
                    }
                });
        Set<String> all = new LinkedHashSet<>(toy.tokens);
        toy.merges.removeIf(pair -> !all.contains(pair.left()) || !all.contains(pair.right()));
        return toy;
    }

    private static List<String> spacedWords(String text) {
        return Arrays.stream(text.split("[ \\n\\t]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> "▁" + word)
                .toList();
    }

    /** SentencePiece unigrams: frequent parts of words, and their logarithmic probabilities. */
    static ToyFamily unigram() {
        ToyFamily toy = new ToyFamily("unigram", "t5");
        toy.add("<pad>", TokenKind.CONTROL, 0);
        toy.add("</s>", TokenKind.CONTROL, 0);
        toy.add("<unk>", TokenKind.UNKNOWN, 0);
        Map<String, Integer> counts = new HashMap<>();
        for (String word : spacedWords(MixedText.of(1, TRAINING))) {
            int[] letters = word.codePoints().toArray();
            for (int from = 0; from < letters.length; from++) {
                for (int length = 1; length <= 8 && from + length <= letters.length; length++) {
                    counts.merge(new String(letters, from, length), 1, Integer::sum);
                }
            }
        }
        double total = counts.values().stream().mapToInt(Integer::intValue).sum();
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(1_500)
                .forEach(
                        entry -> toy.add(entry.getKey(), TokenKind.NORMAL, (float) Math.log(entry.getValue() / total)));
        return toy;
    }

    /** WordPiece over lower-case words. */
    static ToyFamily wordPiece() {
        ToyFamily toy = new ToyFamily("bert", "bert");
        for (String special : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")) {
            toy.add(special, TokenKind.CONTROL, 0);
        }
        List<String> words = Arrays.stream(MixedText.of(1, TRAINING)
                        .toLowerCase(java.util.Locale.ROOT)
                        .split("[\\s\\p{P}]+"))
                .toList();
        Set<String> starts = new LinkedHashSet<>();
        words.stream()
                .flatMapToInt(String::codePoints)
                .distinct()
                .sorted()
                .limit(700)
                .forEach(letter -> {
                    starts.add(Character.toString(letter));
                    starts.add("##" + Character.toString(letter));
                });
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".chars().forEach(mark -> starts.add(Character.toString(mark)));
        for (PairTrainer.Pair pair : PairTrainer.train(words, MERGES)) {
            starts.add(pair.joined());
            starts.add("##" + pair.joined());
        }
        starts.remove("##");
        toy.addAll(starts);
        return toy;
    }

    // ---- as files

    /** A GGUF file with nothing but the vocabulary. */
    byte[] gguf() {
        boolean wordPiece = ggufModel.equals("bert");
        GgufWriter out = GgufWriter.create()
                .text("general.architecture", wordPiece ? "bert" : "llama")
                .text("tokenizer.ggml.model", ggufModel)
                .text("tokenizer.ggml.pre", ggufModel.equals("gpt2") ? name : "default")
                .texts(
                        "tokenizer.ggml.tokens",
                        wordPiece ? tokens.stream().map(ToyFamily::ggufPiece).toList() : tokens)
                .wholes(
                        "tokenizer.ggml.token_type",
                        kinds.stream().mapToInt(kind -> kind.ordinal() + 1).toArray());
        switch (ggufModel) {
            case "gpt2" ->
                out.texts(
                                "tokenizer.ggml.merges",
                                merges.stream()
                                        .map(pair -> pair.left() + " " + pair.right())
                                        .toList())
                        .whole("tokenizer.ggml.eos_token_id", tokens.size() - 1)
                        .whole("tokenizer.ggml.bos_token_id", tokens.size() - 1);
            case "bert" ->
                out.whole("tokenizer.ggml.unknown_token_id", 1)
                        .whole("tokenizer.ggml.bos_token_id", 2)
                        .whole("tokenizer.ggml.seperator_token_id", 3)
                        .whole("tokenizer.ggml.padding_token_id", 0);
            case "t5" ->
                out.reals("tokenizer.ggml.scores", allScores())
                        .whole("tokenizer.ggml.unknown_token_id", 2)
                        .whole("tokenizer.ggml.eos_token_id", 1)
                        .truth("tokenizer.ggml.add_space_prefix", true)
                        .truth("tokenizer.ggml.remove_extra_whitespaces", true)
                        .bytes("tokenizer.ggml.precompiled_charsmap", ToyCharacterMap.bytes());
            default ->
                out.reals("tokenizer.ggml.scores", allScores())
                        .whole("tokenizer.ggml.unknown_token_id", 0)
                        .whole("tokenizer.ggml.bos_token_id", 1)
                        .whole("tokenizer.ggml.eos_token_id", 2);
        }
        return out.bytes();
    }

    private static String ggufPiece(String token) {
        return token.startsWith("##")
                ? token.substring(2)
                : token.startsWith("[") && token.length() > 1 ? token : "▁" + token;
    }

    private float[] allScores() {
        float[] all = new float[scores.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = scores.get(i);
        }
        return all;
    }

    /** A {@code tokenizer.json} with the components that real models of the family have. */
    byte[] json() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        List<Map<String, Object>> added = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (kinds.get(id) == TokenKind.CONTROL || kinds.get(id) == TokenKind.UNKNOWN) {
                added.add(Map.of(
                        "id",
                        id,
                        "content",
                        tokens.get(id),
                        "special",
                        true,
                        "normalized",
                        false,
                        "lstrip",
                        false,
                        "rstrip",
                        false,
                        "single_word",
                        false));
            }
        }
        root.put("added_tokens", added);
        ToyComponents.of(name).forEach(root::put);
        root.put("model", model());
        return JsonMapper.shared().writeValueAsBytes(root);
    }

    private Map<String, Object> model() {
        Map<String, Object> model = new LinkedHashMap<>();
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        model.put("vocab", ids);
        Function<PairTrainer.Pair, List<String>> written = pair -> List.of(pair.left(), pair.right());
        switch (ggufModel) {
            case "t5" -> {
                model.put("type", "Unigram");
                model.put("unk_id", 2);
                List<List<Object>> pieces = new ArrayList<>();
                for (int id = 0; id < tokens.size(); id++) {
                    pieces.add(List.of(tokens.get(id), (double) scores.get(id)));
                }
                model.put("vocab", pieces);
                model.put("byte_fallback", false);
            }
            case "bert" -> {
                model.put("type", "WordPiece");
                model.put("unk_token", "[UNK]");
                model.put("continuing_subword_prefix", "##");
                model.put("max_input_chars_per_word", 100);
            }
            default -> {
                boolean pieces = ggufModel.equals("llama");
                model.put("type", "BPE");
                model.put("merges", merges.stream().map(written).toList());
                model.put("byte_fallback", pieces);
                model.put("fuse_unk", pieces);
                model.put(
                        "ignore_merges",
                        PreTokenizers.named(pieces ? "gpt-2" : name).wholeWords());
                if (pieces) {
                    model.put("unk_token", "<unk>");
                }
            }
        }
        return model;
    }

    @Override
    public String toString() {
        return name;
    }
}
