package dev.slipway.gallery.host;

import dev.slipway.gallery.host.HostFacts.Gpu;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Looks at the host: environment, {@code /sys}, {@code /proc}, and the GPU vendor's own tool where it must. */
public final class HostProbe {
    /** Names a capability instead of looking; the variable's name is the one that backend images know. */
    public static final String FORCE_VARIABLE = "LOCALAI_FORCE_META_BACKEND_CAPABILITY";

    static final String RUN_FILE_VARIABLE = "LOCALAI_FORCE_META_BACKEND_CAPABILITY_RUN_FILE";

    private static final int MAX_FILE_BYTES = 4096;
    private static final long TOOL_SECONDS = 5;

    private final Path root;

    private HostProbe(Path root) {
        this.root = root;
    }

    /** This host. */
    public static HostFacts facts() {
        return facts(
                Path.of("/"), System.getenv(), System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** A host whose files lie below a folder; programs are not asked when that is not the root. */
    static HostFacts facts(Path root, Map<String, String> environment, String system, String architecture) {
        HostProbe probe = new HostProbe(root);
        boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        String forced = environment.getOrDefault(FORCE_VARIABLE, "");
        String runFile = probe.read(environment.getOrDefault(RUN_FILE_VARIABLE, "/run/localai/capability"));
        Gpu gpu = mac || !forced.isBlank() || !runFile.isBlank() ? Gpu.NONE : probe.gpu();
        return new HostFacts(forced, runFile, mac, arm, gpu, probe.gpuBytes(gpu), probe.cuda());
    }

    private Gpu gpu() {
        List<String> vendors = displayVendors();
        if (vendors.contains("0x10de")
                || exists("/proc/driver/nvidia/version")
                || read("/proc/device-tree/compatible").contains("nvidia,tegra")) {
            return Gpu.NVIDIA;
        }
        if (vendors.contains("0x1002")) {
            return Gpu.AMD;
        }
        return vendors.contains("0x8086") ? Gpu.INTEL : Gpu.NONE;
    }

    /** The PCI vendors of display controllers (class 03). */
    private List<String> displayVendors() {
        List<String> vendors = new ArrayList<>();
        for (Path device : children("/sys/bus/pci/devices")) {
            if (read(device.resolve("class")).startsWith("0x03")) {
                vendors.add(read(device.resolve("vendor")).strip());
            }
        }
        return vendors;
    }

    private long gpuBytes(Gpu gpu) {
        return switch (gpu) {
            case NONE, VULKAN, INTEL -> 0;
            case NVIDIA -> nvidiaBytes();
            case AMD -> {
                long most = 0;
                for (Path card : children("/sys/class/drm")) {
                    most = Math.max(most, number(read(card.resolve("device/mem_info_vram_total"))));
                }
                yield most;
            }
        };
    }

    private long nvidiaBytes() {
        if (!root.equals(Path.of("/"))) {
            return number(read("/nvidia-memory-mebibytes")) << 20;
        }
        long most = 0;
        for (String line : ask("nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits")) {
            most = Math.max(most, number(line));
        }
        return most << 20;
    }

    private int cuda() {
        if (exists("/usr/local/cuda-13")) {
            return 13;
        }
        return exists("/usr/local/cuda-12") ? 12 : 0;
    }

    private List<String> ask(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
                    return List.of();
                }
                byte[] answer = process.getInputStream().readNBytes(MAX_FILE_BYTES);
                return new String(answer, StandardCharsets.UTF_8).lines().toList();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // Not installed.
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private boolean exists(String path) {
        return Files.exists(at(path));
    }

    private List<Path> children(String folder) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(at(folder))) {
            stream.forEach(children::add);
        } catch (IOException e) {
            // No such folder on this host.
        }
        return children;
    }

    private Path at(String path) {
        return root.resolve(path.startsWith("/") ? path.substring(1) : path);
    }

    private String read(String path) {
        return read(at(path));
    }

    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
