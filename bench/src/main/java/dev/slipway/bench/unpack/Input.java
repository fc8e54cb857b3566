package dev.slipway.bench.unpack;

import java.util.List;
import java.util.Locale;

/** An image to measure with, in one of the two compressions that registries hold. */
record Input(Shape shape, Compression compression) {
    enum Shape {
        MANY,
        BIG;

        List<List<Entry>> layers(boolean update) {
            return this == MANY ? ManyImage.layers(update) : BigImage.layers(update);
        }
    }

    /** Compressions with the programs and levels that most images are made with. */
    enum Compression {
        GZIP(List.of("gzip", "-6", "-n"), "+gzip", "igzip -dc"),
        ZSTD(List.of("zstd", "-3", "-q", "--single-thread"), "+zstd", "zstd -dc");

        final List<String> compress;
        final String suffix;
        final String expand;

        Compression(List<String> compress, String suffix, String expand) {
            this.compress = compress;
            this.suffix = suffix;
            this.expand = expand;
        }
    }

    static Input parse(String text) {
        String[] parts = text.toUpperCase(Locale.ROOT).split("-");
        return new Input(Shape.valueOf(parts[0]), Compression.valueOf(parts[1]));
    }

    /** Such as {@code many-gzip}. */
    String name() {
        return (shape + "-" + compression).toLowerCase(Locale.ROOT);
    }
}
