package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.Pieces;
import dev.slipway.engine.tokenizer.split.ByteAlphabet;
import java.nio.charset.StandardCharsets;

/**
 * What tokens spell.
 *
 * @param letters the bytes of a token that is part of a text
 * @param leading what happens to a space at an end of a text, since encoding may have put it there
 */
record TokenSpelling(Letters letters, Leading leading) {
    /** The bytes of a token. */
    interface Letters {
        byte[] bytes(String token);
    }

    /** Where a space is taken away again. */
    enum Leading {
        KEPT,
        /** Dropped where the text begins. */
        DROPPED_AT_START,
        /** Dropped where the text begins, and after every token that is no text. */
        DROPPED_AFTER_SPECIAL,
        /** Dropped where the text ends, because encoding ends words and not begins them with it. */
        DROPPED_AT_END
    }

    /** Byte-level vocabularies. */
    static final Letters BYTE_LEVEL = ByteAlphabet::bytes;

    /** SentencePiece's vocabularies. */
    static final Letters SENTENCE_PIECE =
            token -> token.replace(Pieces.SPACE, ' ').getBytes(StandardCharsets.UTF_8);
}
