package dev.slipway.bench.unpack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What to measure.
 *
 * @param folder where inputs are kept and disks are made
 * @param slipway our command, with {@code {reference}} and {@code {tree}} in place of what changes
 * @param update whether to count the bytes of a second pull instead of measuring a first one
 * @param json where to write the results for programs
 */
record Options(
        Path folder,
        String slipway,
        List<Input> inputs,
        List<Program> programs,
        int rounds,
        boolean update,
        Optional<Path> json) {
    static final String USAGE = """
            usage: UnpackBenchmark FOLDER [--inputs many-gzip,big-gzip,many-zstd,big-zstd]
                     [--programs slipway,umoci,podman,tar] [--slipway COMMAND] [--rounds N] [--update] [--json FILE]""";

    static Options parse(String[] arguments) {
        String slipway = "./slipway image unpack docker://{reference} {tree}";
        String inputs = "many-gzip,big-gzip,many-zstd,big-zstd";
        String programs = "slipway,umoci,podman,tar";
        int rounds = 3;
        boolean update = false;
        Optional<Path> json = Optional.empty();
        for (int i = 1; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--update" -> update = true;
                case "--inputs" -> inputs = arguments[++i];
                case "--programs" -> programs = arguments[++i];
                case "--slipway" -> slipway = arguments[++i];
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--json" -> json = Optional.of(Path.of(arguments[++i]));
                default -> throw new IllegalArgumentException(arguments[i]);
            }
        }
        return new Options(
                Path.of(arguments[0]).toAbsolutePath(),
                slipway,
                Arrays.stream(inputs.split(",")).map(Input::parse).toList(),
                Arrays.stream(programs.split(","))
                        .map(name -> Program.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList(),
                rounds,
                update,
                json);
    }
}
