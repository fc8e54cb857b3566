package dev.slipway.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The processor.
 *
 * @param model its name
 * @param cores those that this process may use
 * @param features of those that matter to kernels, the ones it has
 */
public record CpuFacts(String model, int cores, List<String> features) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> OF_INTEREST = List.of(
            "sse4_2",
            "avx",
            "f16c",
            "fma",
            "avx2",
            "avx_vnni",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "amx_int8",
            "amx_bf16",
            "asimd",
            "asimddp",
            "i8mm",
            "bf16",
            "sve");

    /** Looks at this machine. */
    public static CpuFacts detect() {
        List<String> lines = lines();
        Set<String> flags =
                new HashSet<>(List.of(value(lines, "flags", "Features").split(" +")));
        return new CpuFacts(
                value(lines, "model name", "CPU part"),
                Runtime.getRuntime().availableProcessors(),
                OF_INTEREST.stream().filter(flags::contains).toList());
    }

    private static List<String> lines() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.takeWhile(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            // Not Linux: the JVM still knows how many cores there are.
            return List.of();
        }
    }

    private static String value(List<String> lines, String key, String otherKey) {
        Optional<String> found = lines.stream()
                .filter(line -> line.startsWith(key) || line.startsWith(otherKey))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
        return found.orElse("unknown");
    }
}
