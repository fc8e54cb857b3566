package dev.slipway.gallery;

import dev.slipway.gallery.host.HostFacts;
import dev.slipway.gallery.host.HostProbe;

/**
 * What a host can run, in the words of gallery indexes, such as {@code default}, {@code nvidia-cuda-12}, {@code metal}.
 *
 * @param name a key of a meta backend's capabilities
 * @param reason how it was found, for people
 */
public record HostCapability(String name, String reason) {
    /** A GPU with this much memory or less is not worth another backend: 4 GiB. */
    public static final long SMALL_GPU_BYTES = 4L << 30;

    /** Looks at this host; takes up to a few seconds when a GPU's own tool has to be asked. */
    public static HostCapability detect() {
        return of(HostProbe.facts());
    }

    /** The first of the documented conditions that holds. */
    public static HostCapability of(HostFacts facts) {
        if (!facts.forced().isBlank()) {
            return new HostCapability(facts.forced().strip(), "set by " + HostProbe.FORCE_VARIABLE);
        }
        if (!facts.runFile().isBlank()) {
            return new HostCapability(facts.runFile().strip(), "read from the capability file");
        }
        if (facts.mac()) {
            return facts.arm()
                    ? new HostCapability("metal", "macOS on Apple silicon")
                    : new HostCapability("darwin-x86", "macOS on an Intel processor");
        }
        if (facts.arm() && facts.gpu() == HostFacts.Gpu.NVIDIA) {
            return new HostCapability("nvidia-l4t" + cuda(facts), "NVIDIA GPU on ARM" + cudaReason(facts));
        }
        if (facts.gpu() == HostFacts.Gpu.NONE) {
            return new HostCapability("default", "no GPU found");
        }
        if (facts.gpuBytes() <= SMALL_GPU_BYTES) {
            return new HostCapability(
                    "default", facts.gpu().word() + " GPU with 4 GiB of memory or less, or of unknown size");
        }
        if (facts.gpu() == HostFacts.Gpu.NVIDIA) {
            return new HostCapability("nvidia" + cuda(facts), "NVIDIA GPU" + cudaReason(facts));
        }
        return new HostCapability(facts.gpu().word(), facts.gpu().word() + " GPU");
    }

    private static String cuda(HostFacts facts) {
        return facts.cuda() > 0 ? "-cuda-" + facts.cuda() : "";
    }

    private static String cudaReason(HostFacts facts) {
        return facts.cuda() > 0 ? ", CUDA " + facts.cuda() + " in /usr/local" : "";
    }
}
