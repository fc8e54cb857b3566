package dev.slipway.engine.kernel;

import dev.slipway.engine.EngineException;
import java.util.List;

/** Chooses the kernel provider, once, and remembers why. */
public final class KernelProviders {
    /** Forces a provider by name when the caller leaves the choice open. */
    public static final String PROPERTY = "slipway.kernels";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private KernelProviders() {}

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

    /** Names of all providers, whether this host can run them or not. */
    public static List<String> names() {
        return List.of("scalar", "vector");
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
            default ->
                throw EngineException.invalid(
                        "engine.unknown-provider",
                        "There is no kernel provider '" + name + "', asked for by " + source + ".",
                        "Use auto, " + String.join(" or ", names()) + ".");
        };
    }

    private static Choice fastest() {
        String obstacle = vectorObstacle();
        return obstacle.isEmpty()
                ? vector("the Vector API is available and the fastest provider here")
                : new Choice(new ScalarKernels(), obstacle);
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
