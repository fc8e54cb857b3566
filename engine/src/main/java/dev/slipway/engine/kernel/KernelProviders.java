package dev.slipway.engine.kernel;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.x86.Level;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Chooses the kernel provider, once, and remembers why. */
public final class KernelProviders {
    /** Forces a provider by name when the caller leaves the choice open. */
    public static final String PROPERTY = "slipway.kernels";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private KernelProviders() {}

    /** Asked once, when emitted code is first thought of. */
    private static final class Host {
        static final Processor PROCESSOR = Processor.ask();
    }

    /**
     * A provider and why it was taken.
     *
     * @param reason for people, in one sentence
     */
    public record Choice(KernelProvider provider, String reason) {}

    /** What would be taken on this host without a wish, and why: {@code vector: …}. */
    public static String describe() {
        Choice choice = choose("auto");
        return choice.provider.name() + ": " + choice.reason;
    }

    /** Names of the emitted provider with a level of its own choice, such as {@code emitted-avx2}. */
    private static final String EMITTED = "emitted";

    /** What of emitted code this host can run. */
    static Processor processor() {
        return Host.PROCESSOR;
    }

    /** Names of all providers, whether this host can run them or not. */
    public static List<String> names() {
        return List.of("scalar", "vector", "emitted");
    }

    /**
     * Takes the provider asked for, or the fastest that runs here.
     *
     * @param wish {@code auto}, or a provider's name
     * @throws EngineException {@code engine.unknown-provider}, or {@code engine.provider-unavailable} when a provider that
     *     was asked for by name cannot run here
     */
    public static Choice choose(String wish) {
        String property = System.getProperty(PROPERTY, "auto");
        boolean open = wish.isEmpty() || wish.equals("auto");
        String name = open ? property : wish;
        String source = open ? "the system property " + PROPERTY : "the options";
        return switch (name) {
            case "auto" -> fastest();
            case "scalar" -> new Choice(new ScalarKernels(), "asked for by " + source + ".");
            case "vector" -> forcedVector(source);
            case EMITTED -> forcedEmitted(name, source);
            default -> {
                if (name.startsWith(EMITTED + "-")) {
                    yield forcedEmitted(name, source);
                }
                throw unknown(name, source);
            }
        };
    }

    private static EngineException unknown(String name, String source) {
        return EngineException.invalid(
                "engine.unknown-provider",
                "There is no kernel provider '" + name + "', asked for by " + source + ".",
                "Use auto, " + String.join(", ", names()) + ", or emitted with a level ("
                        + Arrays.stream(Level.values())
                                .map(level -> EMITTED + "-" + level.label())
                                .collect(Collectors.joining(", "))
                        + ").");
    }

    private static Choice fastest() {
        Processor processor = Host.PROCESSOR;
        if (!processor.levels().isEmpty()) {
            Level level = Collections.max(processor.levels());
            return new Choice(
                    new EmittedKernels(level),
                    "machine code for " + level.label() + ", the most this processor can run; -D" + PROPERTY
                            + "=vector takes the Vector API instead.");
        }
        String without = "Machine code cannot be emitted: " + processor.obstacle() + ". ";
        String obstacle = vectorObstacle();
        return obstacle.isEmpty()
                ? vector(without + "The Vector API is available and the fastest provider here")
                : new Choice(new ScalarKernels(), without + obstacle);
    }

    private static Choice forcedEmitted(String name, String source) {
        Processor processor = Host.PROCESSOR;
        if (processor.levels().isEmpty()) {
            throw unavailable(name, source, "Machine code cannot be emitted: " + processor.obstacle() + ".");
        }
        if (name.equals(EMITTED)) {
            Level level = Collections.max(processor.levels());
            return new Choice(
                    new EmittedKernels(level), "asked for by " + source + "; the level is " + level.label() + ".");
        }
        String label = name.substring(EMITTED.length() + 1);
        Level level = Arrays.stream(Level.values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> unknown(name, source));
        if (!processor.levels().contains(level)) {
            throw unavailable(name, source, "This processor does not have " + label + ".");
        }
        return new Choice(new EmittedKernels(level), "asked for by " + source + ".");
    }

    private static EngineException unavailable(String name, String source, String obstacle) {
        return EngineException.invalid(
                "engine.provider-unavailable",
                "The kernel provider '" + name + "', asked for by " + source + ", cannot run here. " + obstacle,
                "Ask for auto.");
    }

    private static Choice forcedVector(String source) {
        String obstacle = vectorObstacle();
        if (!obstacle.isEmpty()) {
            throw EngineException.invalid(
                    "engine.provider-unavailable",
                    "The kernel provider 'vector', asked for by " + source + ", cannot run here. " + obstacle,
                    "Start Java with --add-modules " + VECTOR_MODULE + ", or ask for auto.");
        }
        return vector("asked for by " + source);
    }

    private static Choice vector(String reason) {
        VectorKernels kernels = new VectorKernels(VectorKernels.Readiness.NONE);
        return new Choice(kernels, reason + "; vectors have " + kernels.bits() + " bits.");
    }

    /** Why the vector provider cannot run, or nothing. The provider's class is not touched before this says so. */
    private static String vectorObstacle() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return "The module " + VECTOR_MODULE + " is not loaded, so the plain provider runs, many times slower.";
        }
        try {
            new VectorKernels(VectorKernels.Readiness.NONE);
            return "";
        } catch (UnsupportedOperationException | LinkageError e) {
            return "The Vector API does not work here (" + e.getMessage() + "), so the plain provider runs.";
        }
    }
}
