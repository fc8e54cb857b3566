package dev.slipway.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes the models that the engine is measured with. Arguments: a folder, then labels such as {@code qwen-q8_0}; all without. */
final class RandomModels {
    private RandomModels() {}

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<String> wanted = Arrays.asList(args).subList(1, args.length);
        for (BenchModel model : BenchModel.values()) {
            if (wanted.isEmpty() || wanted.contains(model.label())) {
                Path file = model.in(folder);
                System.out.printf("%s  %,d bytes  %s%n", model.label(), Files.size(file), file);
            }
        }
    }
}
