package dev.slipway.bench.engine;

import dev.slipway.oracle.libllama.Libllama;
import dev.slipway.oracle.libllama.PeerOptions;
import java.nio.file.Path;
import java.util.Arrays;

/** libllama with its own defaults: mapped files, repacking, KV cache in f16, fused attention where it chooses so. */
final class Theirs implements Contender {
    private final Libllama peer;
    private final PeakMemory memory;

    Theirs(Path libraries, Path model, int threads, int slots, int context) {
        peer = Libllama.start(libraries);
        memory = new PeakMemory(peer.process().pid());
        peer.load(model, new PeerOptions(false, slots * context, slots, threads, PeerOptions.Cache.F16));
        peer.decode(8, 1, 1);
    }

    @Override
    public double prefill(int tokens) {
        return tokens / (peer.prefill(tokens).toNanos() / 1e9);
    }

    @Override
    public double decode(int depth, int steps, int requests) {
        return requests
                * steps
                / Arrays.stream(peer.decode(depth, steps, requests)).sum();
    }

    @Override
    public long peakMemory() {
        return memory.peak();
    }

    @Override
    public void close() {
        memory.close();
        peer.close();
    }
}
