package dev.slipway.engine.tool;

/**
 * Follows where text stands within Markdown code, fenced or in a line, because markup that is quoted there is shown to
 * the reader and calls nothing. Code within a line ends with the line at the latest, so that a stray backtick cannot
 * hide a call on a later line.
 */
final class CodeSpans {
    private static final int FENCE = 3;
    private static final int MAX_INDENT = 3;

    private char mark;
    private int run;
    private boolean runAtLineStart;
    private int indent;
    private boolean lineStart = true;

    private char fenceMark;
    private int fence;
    private int span;

    /** Takes the next letter of the text. */
    void accept(char letter) {
        if (run > 0 && letter == mark) {
            run++;
            return;
        }
        endRun();
        if (letter == '\n') {
            lineStart = true;
            indent = 0;
            span = 0;
        } else if (letter == '`' || letter == '~') {
            mark = letter;
            run = 1;
            runAtLineStart = lineStart && indent <= MAX_INDENT;
            lineStart = false;
        } else if (letter == ' ' && lineStart) {
            indent++;
        } else {
            lineStart = false;
        }
    }

    /** Whether what comes next stands within code. */
    boolean inCode() {
        if (run == 0) {
            return fence > 0 || span > 0;
        }
        CodeSpans ended = new CodeSpans();
        ended.mark = mark;
        ended.run = run;
        ended.runAtLineStart = runAtLineStart;
        ended.fenceMark = fenceMark;
        ended.fence = fence;
        ended.span = span;
        ended.endRun();
        return ended.inCode();
    }

    private void endRun() {
        if (run == 0) {
            return;
        }
        if (fence > 0) {
            if (runAtLineStart && mark == fenceMark && run >= fence) {
                fence = 0;
            }
        } else if (runAtLineStart && run >= FENCE) {
            fence = run;
            fenceMark = mark;
        } else if (mark == '`') {
            span = span == 0 ? run : span == run ? 0 : span;
        }
        run = 0;
    }
}
