package dev.slipway.cli.command;

import dev.slipway.base.AtomicFiles;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway tokenize}. */
@Command(
        name = "tokenize",
        description = {
            "Turn standard input, byte for byte, into the token ids of a model, or ids back into text.",
            "Ids are printed on one line with spaces between; a vocabulary without weights is enough.",
            ""
        })
final class TokenizeCommand extends SlipwayCommand {
    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "A GGUF file, a Hugging Face folder, or a tokenizer.json.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--special",
            description = {
                "Read control tokens that the text spells, and add what the model expects around a text.",
                "With --decode: write control tokens as well."
            })
    private boolean special;

    @Option(names = "--decode", description = "Read ids, and write the bytes that they stand for.")
    private boolean decode;

    TokenizeCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        Tokenizer tokenizer = Tokenizers.open(file);
        byte[] input = input();
        if (decode) {
            decode(tokenizer, ids(tokenizer, new String(input, StandardCharsets.UTF_8)));
        } else {
            encode(tokenizer, input);
        }
        return 0;
    }

    private byte[] input() {
        try {
            return console().in().readAllBytes();
        } catch (IOException e) {
            throw AtomicFiles.explain("read standard input", e);
        }
    }

    private void encode(Tokenizer tokenizer, byte[] input) {
        int[] tokens = tokenizer.encode(input, special);
        int[] all = special ? tokenizer.frame(tokens) : tokens;
        if (global.json) {
            List<String> pieces = Arrays.stream(all)
                    .mapToObj(token -> new String(tokenizer.bytesOf(token), StandardCharsets.UTF_8))
                    .toList();
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("count", all.length)
                            .numbers("tokens", all)
                            .field("pieces", pieces)
                            .close());
            return;
        }
        console().out().println(Arrays.stream(all).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
    }

    private void decode(Tokenizer tokenizer, int[] ids) {
        int[] wanted = special
                ? ids
                : Arrays.stream(ids).filter(id -> !tokenizer.isControl(id)).toArray();
        byte[] bytes = tokenizer.decodeBytes(wanted);
        if (global.json) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("count", ids.length)
                            .field("text", text)
                            .close());
            return;
        }
        console().out().write(bytes, 0, bytes.length);
        console().out().flush();
    }

    /** Ids with spaces, commas or brackets between them, so that JSON lists are read too. */
    private static int[] ids(Tokenizer tokenizer, String text) {
        String[] words = text.replaceAll("[\\[\\],\\s]+", " ").strip().split(" ");
        return Arrays.stream(words)
                .filter(word -> !word.isEmpty())
                .mapToInt(word -> id(tokenizer, word))
                .toArray();
    }

    private static int id(Tokenizer tokenizer, String word) {
        int size = tokenizer.vocabularySize();
        int id = word.matches("[0-9]{1,9}") ? Integer.parseInt(word) : -1;
        if (id < 0 || id >= size) {
            throw CliException.usage(
                    "\"" + word + "\" is no token of this vocabulary.", "Ids run from 0 to " + (size - 1) + ".");
        }
        return id;
    }
}
