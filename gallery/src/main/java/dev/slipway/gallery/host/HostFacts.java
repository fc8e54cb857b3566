package dev.slipway.gallery.host;

import java.util.Locale;

/**
 * What the choice of a backend depends on.
 *
 * @param forced a capability that the environment dictates, or empty
 * @param runFile the content of the capability file, or empty
 * @param mac whether this is macOS
 * @param arm whether the processor is a 64-bit ARM
 * @param gpu the vendor of the GPU
 * @param gpuBytes the memory of the largest GPU; 0 when unknown
 * @param cuda 13 or 12 when that version lies in {@code /usr/local}, else 0
 */
public record HostFacts(String forced, String runFile, boolean mac, boolean arm, Gpu gpu, long gpuBytes, int cuda) {
    /** GPU vendors that galleries have backends for. */
    public enum Gpu {
        NONE,
        NVIDIA,
        AMD,
        INTEL,
        VULKAN;

        /** The word of the indexes, such as {@code nvidia}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
