package dev.slipway.engine.tokenizer;

/**
 * A token that is found in a text before anything else looks at it.
 *
 * @param control whether it steers the model, so that it is found only where that is wanted
 * @param takesSpaceBefore whether white space before it belongs to it
 * @param takesSpaceAfter whether white space after it belongs to it
 * @param wholeWord whether it counts only when no letter, digit or mark touches it
 * @param afterNormalizing whether it is looked for in the normalised text
 */
record AddedToken(
        String text,
        int id,
        boolean control,
        boolean takesSpaceBefore,
        boolean takesSpaceAfter,
        boolean wholeWord,
        boolean afterNormalizing) {
    static AddedToken plain(String text, int id, boolean control) {
        return new AddedToken(text, id, control, false, false, false, false);
    }

    AddedToken takingSpaceAfter() {
        return new AddedToken(text, id, control, takesSpaceBefore, true, wholeWord, afterNormalizing);
    }

    AddedToken withText(String newText) {
        return new AddedToken(newText, id, control, takesSpaceBefore, takesSpaceAfter, wholeWord, afterNormalizing);
    }
}
