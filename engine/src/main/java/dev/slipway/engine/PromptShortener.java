package dev.slipway.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Leaves out the oldest part of a prompt that does not fit the context, where the request allows that: of a conversation
 * whole turns, from one message of the user up to the next, but never what the system says nor the last turn; of a text
 * its beginning. Room is left for the answer: what was asked for, at most half of the context, or a quarter of it.
 */
final class PromptShortener {
    private PromptShortener() {}

    /**
     * The request with a prompt that fits, or unchanged where that is not possible, not allowed or not needed.
     *
     * @param tokens counts the tokens of a prompt
     */
    static TextRequest fitted(TextRequest request, int contextLength, ToIntFunction<Prompt> tokens) {
        if (!request.truncation().allowed()) {
            return request;
        }
        int all = tokens.applyAsInt(request.prompt());
        if (all < contextLength) {
            return request;
        }
        int answer = Math.clamp(request.maxTokens().orElse(contextLength / 4), 1, Math.max(1, contextLength / 2));
        Prompt shorter = shortened(request.prompt(), contextLength - answer, tokens);
        return request.with(shorter, new Truncation(true, all - tokens.applyAsInt(shorter)));
    }

    private static Prompt shortened(Prompt prompt, int most, ToIntFunction<Prompt> tokens) {
        return switch (prompt) {
            case Prompt.Raw(String text) -> least(text.length(), cut -> new Prompt.Raw(end(text, cut)), most, tokens);
            case Prompt.Chat chat -> least(turns(chat.messages()) - 1, turns -> without(chat, turns), most, tokens);
        };
    }

    /** What is left when as little as possible is cut off, and all that can be where nothing is enough. */
    private static Prompt least(int mostCut, IntFunction<Prompt> cut, int most, ToIntFunction<Prompt> tokens) {
        int enough = Math.max(0, mostCut);
        int tooLittle = 0;
        while (tooLittle < enough) {
            int middle = (tooLittle + enough) >>> 1;
            if (tokens.applyAsInt(cut.apply(middle)) <= most) {
                enough = middle;
            } else {
                tooLittle = middle + 1;
            }
        }
        return cut.apply(enough);
    }

    private static String end(String text, int cut) {
        boolean insideCharacter = cut > 0 && cut < text.length() && Character.isLowSurrogate(text.charAt(cut));
        return text.substring(insideCharacter ? cut + 1 : cut);
    }

    private static int turns(List<Prompt.Message> messages) {
        return (int) messages.stream()
                .filter(message -> message.role().equals("user"))
                .count();
    }

    private static Prompt.Chat without(Prompt.Chat chat, int oldestTurns) {
        List<Prompt.Message> kept = new ArrayList<>();
        int turn = 0;
        for (Prompt.Message message : chat.messages()) {
            turn += message.role().equals("user") ? 1 : 0;
            boolean system = message.role().equals("system") || message.role().equals("developer");
            if (system || turn > oldestTurns) {
                kept.add(message);
            }
        }
        return new Prompt.Chat(kept, chat.tools(), chat.templateArguments());
    }
}
