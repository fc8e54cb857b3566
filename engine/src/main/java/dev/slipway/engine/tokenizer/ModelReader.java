package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.ByteLevelEncoder;
import dev.slipway.engine.tokenizer.algorithm.CharacterEncoder;
import dev.slipway.engine.tokenizer.algorithm.Merge;
import dev.slipway.engine.tokenizer.algorithm.Pieces;
import dev.slipway.engine.tokenizer.algorithm.UnigramEncoder;
import dev.slipway.engine.tokenizer.algorithm.WordEncoder;
import dev.slipway.engine.tokenizer.algorithm.WordPieceEncoder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the {@code model} of a {@code tokenizer.json}: the vocabulary and how words become tokens. */
final class ModelReader {
    private final JsonPart part;
    private final String type;
    private final Map<String, Integer> ids = new HashMap<>();
    private double[] scores = new double[0];

    ModelReader(JsonPart part) {
        this.part = part;
        // The oldest files leave it out; they are all BPE.
        type = part.textIfAny("type").orElse("BPE");
        switch (type) {
            case "BPE", "WordPiece", "WordLevel" -> readIds();
            case "Unigram" -> readScores();
            default -> throw part.unsupported("the model " + type);
        }
    }

    private void readIds() {
        JsonPart vocabulary = part.requiredPart("vocab");
        BitSet seen = new BitSet();
        for (Map.Entry<String, JsonNode> entry : vocabulary.node().properties()) {
            int id = checked(vocabulary.whole(entry.getValue(), "id of \"" + entry.getKey() + "\""), entry.getKey());
            if (seen.get(id)) {
                throw vocabulary.wrong("gives the id " + id + " twice, the second time to \"" + entry.getKey() + "\"");
            }
            seen.set(id);
            ids.put(entry.getKey(), id);
        }
    }

    private void readScores() {
        List<JsonNode> pieces = part.list("vocab");
        if (pieces.size() > Vocabulary.MAX_TOKENS) {
            throw part.wrong("has " + pieces.size() + " tokens; at most " + Vocabulary.MAX_TOKENS + " are read");
        }
        scores = new double[pieces.size()];
        for (int id = 0; id < scores.length; id++) {
            JsonNode piece = pieces.get(id);
            if (piece.size() != 2 || !piece.get(0).isString() || !piece.get(1).isNumber()) {
                throw part.wrong("has a vocab whose element " + id + " is no piece with its score");
            }
            ids.putIfAbsent(piece.get(0).stringValue(), checked(id, piece.get(0).stringValue()));
            scores[id] = piece.get(1).doubleValue();
        }
    }

    private int checked(int id, String token) {
        if (id >= Vocabulary.MAX_TOKENS) {
            throw part.wrong("has the id " + id + "; ids below " + Vocabulary.MAX_TOKENS + " are read");
        }
        if (token.length() > Vocabulary.MAX_TOKEN_LENGTH) {
            throw part.wrong("has a token of " + token.length() + " characters; at most " + Vocabulary.MAX_TOKEN_LENGTH
                    + " are read");
        }
        return id;
    }

    /** All tokens of the vocabulary and their ids. */
    Map<String, Integer> ids() {
        return ids;
    }

    /** Whether tokens such as {@code <0x0A>} stand for bytes. */
    boolean byteFallback() {
        return part.flag("byte_fallback", false);
    }

    /** The id of the token for the unknown. */
    OptionalInt unknown() {
        if (type.equals("Unigram")) {
            return part.node().hasNonNull("unk_id") ? OptionalInt.of(part.whole("unk_id")) : OptionalInt.empty();
        }
        String name = part.textIfAny("unk_token").orElse("");
        Integer id = ids.get(name);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether the model can take bytes instead of letters that stand for them. */
    boolean takesBytes() {
        return type.equals("BPE") && rules().plain() && !byteFallback();
    }

    /**
     * The encoder.
     *
     * @param size the number of ids
     * @param control ids that no text may become
     * @param bytes whether words come as they are, to be encoded as bytes
     */
    WordEncoder encoder(int size, Set<Integer> control, boolean bytes) {
        Map<String, Integer> usable = new HashMap<>(ids);
        usable.values().removeAll(control);
        if (bytes) {
            return byteLevel(size, usable);
        }
        int[] byteTokens = Pieces.noBytes();
        if (byteFallback()) {
            usable.forEach((token, id) -> {
                int value = Pieces.byteValue(token);
                if (value >= 0) {
                    byteTokens[value] = id;
                }
            });
        }
        Pieces pieces = new Pieces(usable, size, byteTokens, unknown());
        return switch (type) {
            case "BPE" -> new CharacterEncoder(pieces, merges(), rules());
            case "Unigram" -> new UnigramEncoder(pieces, scores);
            case "WordPiece" ->
                new WordPieceEncoder(
                        pieces,
                        "",
                        part.textIfAny("continuing_subword_prefix").orElse("##"),
                        part.node().hasNonNull("max_input_chars_per_word")
                                ? part.whole("max_input_chars_per_word")
                                : 100);
            default ->
                out -> (text, from, to, first) -> {
                    Integer id = pieces.ids().get(text.substring(from, to));
                    out.add(id != null ? id : pieces.unknownFor(text.codePointAt(from)));
                };
        };
    }

    private WordEncoder byteLevel(int size, Map<String, Integer> usable) {
        String[] tokens = new String[size];
        java.util.Arrays.fill(tokens, "");
        BitSet known = new BitSet();
        usable.forEach((token, id) -> {
            tokens[id] = token;
            known.set(id);
        });
        return new ByteLevelEncoder(List.of(tokens), known, merges(), rules().wholeWords(), unknown());
    }

    private CharacterEncoder.Rules rules() {
        if (part.node().hasNonNull("dropout") && part.node().get("dropout").doubleValue() != 0) {
            throw part.unsupported("dropout");
        }
        return new CharacterEncoder.Rules(
                part.flag("fuse_unk", false),
                part.flag("ignore_merges", false),
                part.textIfAny("continuing_subword_prefix").orElse(""),
                part.textIfAny("end_of_word_suffix").orElse(""));
    }

    /** Written as a text with a space between the parts, or as a list of them. */
    private List<Merge> merges() {
        List<JsonNode> written = part.list("merges");
        if (written.size() > Vocabulary.MAX_TOKENS) {
            throw part.wrong("has " + written.size() + " merges; at most " + Vocabulary.MAX_TOKENS + " are read");
        }
        List<Merge> merges = new ArrayList<>(written.size());
        for (JsonNode merge : written) {
            if (merge.isString()) {
                merges.add(Merge.parse(merge.stringValue()));
            } else if (merge.size() == 2
                    && merge.get(0).isString()
                    && merge.get(1).isString()) {
                merges.add(new Merge(merge.get(0).stringValue(), merge.get(1).stringValue()));
            } else {
                throw part.wrong("has a merge " + merges.size() + " that is not two parts");
            }
        }
        return merges;
    }
}
