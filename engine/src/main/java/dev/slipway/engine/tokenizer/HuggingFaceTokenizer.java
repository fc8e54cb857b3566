package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.Pieces;
import dev.slipway.engine.tokenizer.algorithm.WordEncoder;
import dev.slipway.engine.tokenizer.normal.TextNormalizer;
import dev.slipway.engine.tokenizer.split.ByteLevelSplitter;
import dev.slipway.engine.tokenizer.split.Splitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds a tokenizer from the documents of a Hugging Face folder. */
final class HuggingFaceTokenizer {
    private final JsonPart root;
    private final HuggingFaceRoles roles;
    private final ModelReader model;
    private final List<AddedToken> added = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final List<TokenKind> kinds = new ArrayList<>();

    private HuggingFaceTokenizer(JsonPart root, HuggingFaceRoles roles) {
        this.root = root;
        this.roles = roles;
        model = new ModelReader(root.requiredPart("model"));
    }

    static Tokenizer build(JsonPart root, HuggingFaceRoles roles) {
        return new HuggingFaceTokenizer(root, roles).build();
    }

    private Tokenizer build() {
        model.ids().forEach((token, id) -> put(id, token, kind(token)));
        root.parts("added_tokens").forEach(this::addToken);
        if (tokens.isEmpty()) {
            throw root.wrong("has no tokens");
        }
        model.unknown().ifPresent(id -> {
            check(id);
            if (kinds.get(id) == TokenKind.NORMAL) {
                kinds.set(id, TokenKind.UNKNOWN);
            }
        });
        SequenceFrame frame = frame();
        frame.ids().forEach(this::check);
        TokenSpelling spelling = root.part("decoder").map(DecoderReader::read).orElseGet(DecoderReader::words);
        SpecialTokens special = roles.special(tokens, kinds, frame, model.unknown());
        return new VocabularyTokenizer(
                new VocabularyTokenizer.Parts(tokens, kinds, special, frame, early(), spelling), encoder());
    }

    private TokenKind kind(String token) {
        return model.byteFallback() && Pieces.byteValue(token) >= 0 ? TokenKind.BYTE : TokenKind.NORMAL;
    }

    private void addToken(JsonPart part) {
        String text = part.text("content");
        int id = part.whole("id");
        if (id >= Vocabulary.MAX_TOKENS || text.length() > Vocabulary.MAX_TOKEN_LENGTH) {
            throw part.wrong("has an id or a content beyond what is read");
        }
        boolean control = part.flag("special", false);
        put(id, text, control ? TokenKind.CONTROL : TokenKind.USER_DEFINED);
        added.add(new AddedToken(
                text,
                id,
                control,
                part.flag("lstrip", false),
                part.flag("rstrip", false),
                part.flag("single_word", false),
                part.flag("normalized", !control)));
    }

    private void put(int id, String text, TokenKind kind) {
        while (tokens.size() <= id) {
            tokens.add("");
            kinds.add(TokenKind.UNUSED);
        }
        tokens.set(id, text);
        kinds.set(id, kind);
    }

    private void check(int id) {
        if (id >= tokens.size()) {
            throw root.wrong("gives a role to the token " + id + "; ids end at " + (tokens.size() - 1));
        }
    }

    private SequenceFrame frame() {
        Optional<SequenceFrame> processed = root.part("post_processor").flatMap(FrameReader::read);
        return roles.frame(processed, tokens);
    }

    private List<AddedToken> early() {
        return added.stream().filter(token -> !token.afterNormalizing()).toList();
    }

    private SegmentEncoder encoder() {
        TextNormalizer normalizer =
                root.part("normalizer").map(NormalizerReader::read).orElse(TextNormalizer.NONE);
        List<Splitter> steps = new ArrayList<>(
                root.part("pre_tokenizer").map(PreTokenizerReader::read).orElse(List.of()));
        boolean bytes = !steps.isEmpty() && steps.getLast() instanceof ByteLevelSplitter && model.takesBytes();
        if (bytes) {
            steps.set(steps.size() - 1, ((ByteLevelSplitter) steps.getLast()).forBytes());
        }
        Set<Integer> control = new HashSet<>();
        added.stream().filter(AddedToken::control).forEach(token -> control.add(token.id()));
        WordEncoder words = model.encoder(tokens.size(), control, bytes);
        List<AddedToken> late = added.stream()
                .filter(AddedToken::afterNormalizing)
                .map(token -> token.withText(normalizer.apply(token.text())))
                .toList();
        return new SegmentEncoder.Normalising(
                normalizer,
                new AddedTokens(late.stream().filter(token -> !token.control()).toList()),
                new AddedTokens(late),
                Splitter.all(steps),
                words);
    }
}
