package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.normal.BertNormalizer;
import dev.slipway.engine.tokenizer.normal.CharacterMap;
import dev.slipway.engine.tokenizer.normal.MappedNormalizer;
import dev.slipway.engine.tokenizer.normal.TextNormalizer;
import dev.slipway.engine.tokenizer.pattern.SplitPattern;
import dev.slipway.engine.tokenizer.split.ByteAlphabet;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer.Form;
import java.util.Base64;

/** Reads the {@code normalizer} of a {@code tokenizer.json}. */
final class NormalizerReader {
    private NormalizerReader() {}

    static TextNormalizer read(JsonPart part) {
        return switch (part.type()) {
            case "Sequence" ->
                TextNormalizer.all(part.parts("normalizers").stream()
                        .map(NormalizerReader::read)
                        .toList());
            case "NFC" -> TextNormalizer.form(Form.NFC);
            case "NFD" -> TextNormalizer.form(Form.NFD);
            case "NFKC" -> TextNormalizer.form(Form.NFKC);
            case "NFKD" -> TextNormalizer.form(Form.NFKD);
            case "Lowercase" -> TextNormalizer.LOWERCASE;
            case "StripAccents" -> TextNormalizer.STRIP_MARKS;
            case "Strip" -> TextNormalizer.strip(part.flag("strip_left", true), part.flag("strip_right", true));
            case "Nmt" -> TextNormalizer.NMT;
            case "Prepend" -> TextNormalizer.prepend(part.text("prepend"));
            case "Replace" -> replace(part);
            case "BertNormalizer" -> bert(part);
            case "Precompiled" -> precompiled(part);
            case "ByteLevel" -> NormalizerReader::spell;
            default -> throw part.unsupported("the normalizer " + part.type());
        };
    }

    private static TextNormalizer replace(JsonPart part) {
        JsonPart pattern = part.requiredPart("pattern");
        String content = part.text("content");
        return pattern.textIfAny("String")
                .filter(literal -> !literal.isEmpty())
                .map(literal -> TextNormalizer.replace(literal, content))
                .orElseGet(() -> TextNormalizer.replace(SplitPattern.compile(pattern.text("Regex")), content));
    }

    private static TextNormalizer bert(JsonPart part) {
        boolean lowercase = part.flag("lowercase", true);
        return new BertNormalizer(
                part.flag("clean_text", true),
                part.flag("handle_chinese_chars", true),
                part.flagIfAny("strip_accents").orElse(lowercase),
                lowercase);
    }

    private static TextNormalizer precompiled(JsonPart part) {
        String encoded = part.textIfAny("precompiled_charsmap").orElse("");
        if (encoded.isEmpty()) {
            return TextNormalizer.NONE;
        }
        try {
            return MappedNormalizer.byCluster(
                    CharacterMap.read(Base64.getDecoder().decode(encoded)));
        } catch (IllegalArgumentException e) {
            throw part.wrong("has a precompiled_charsmap that is not base64");
        }
    }

    private static String spell(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteAlphabet.spell(bytes, bytes.length);
    }
}
