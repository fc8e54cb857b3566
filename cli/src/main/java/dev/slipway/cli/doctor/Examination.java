package dev.slipway.cli.doctor;

import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.oci.layer.InflateProvider;
import dev.slipway.server.BackendStatus;
import dev.slipway.server.Backends;
import dev.slipway.server.Distribution;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ModelConfigs;
import dev.slipway.server.SlipwayHome;
import dev.slipway.server.SlipwayVersion;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at everything that Slipway needs. */
public final class Examination {
    private static final ByteSize LITTLE_SPACE = ByteSize.ofMebibytes(1024);
    private static final int OLDEST_JAVA = 25;

    private final Path home;
    private final int port;

    /** @param port the one that a server would take */
    public Examination(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    public List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("slipway", SlipwayVersion.current()));
        findings.add(host());
        findings.add(java());
        findings.add(processor());
        findings.add(kernels());
        findings.add(inflater());
        findings.add(memory());
        findings.add(distribution());
        findings.add(homeFolder());
        findings.add(disk());
        findings.add(backends());
        findings.add(models());
        findings.add(listening());
        return findings;
    }

    private static Finding host() {
        return Finding.ok(
                "host",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    private static Finding java() {
        String text = Runtime.version() + " (" + System.getProperty("java.vendor") + ") in "
                + System.getProperty("java.home");
        return Runtime.version().feature() >= OLDEST_JAVA
                ? Finding.ok("java", text)
                : Finding.problem("java", text, "Install JDK " + OLDEST_JAVA + " or newer.");
    }

    private static Finding processor() {
        CpuFacts cpu = CpuFacts.detect();
        String features = cpu.features().isEmpty() ? "no known features" : String.join(" ", cpu.features());
        return Finding.ok("processor", cpu.model() + ", " + cpu.cores() + " cores, " + features);
    }

    private static Finding kernels() {
        try {
            return Finding.ok("kernels", KernelProviders.describe());
        } catch (CodedException e) {
            return Finding.warning("kernels", e.getMessage(), e.hint());
        }
    }

    /** What expands gzip layers. */
    private static Finding inflater() {
        InflateProvider provider = InflateProvider.chosen();
        return Finding.ok("inflate", provider.name() + ": " + provider.reason());
    }

    private static Finding memory() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean machine) {
            return Finding.ok(
                    "memory",
                    new ByteSize(machine.getTotalMemorySize()) + ", " + new ByteSize(machine.getFreeMemorySize())
                            + " free");
        }
        return Finding.ok("memory", "unknown");
    }

    private static Finding distribution() {
        Optional<Distribution> distribution = Distribution.current();
        if (distribution.isEmpty()) {
            return Finding.warning(
                    "distribution",
                    "none: no backend and no model is shipped with this start",
                    "Start Slipway by its bin/slipway.");
        }
        String images = distribution.get().images().isPresent() ? "with images" : "without images";
        return Finding.ok("distribution", distribution.get().folder() + ", " + images);
    }

    private Finding homeFolder() {
        try {
            return Finding.ok("home", SlipwayHome.open(home).folder().toString());
        } catch (CodedException e) {
            return Finding.problem("home", e.getMessage(), e.hint());
        }
    }

    private Finding disk() {
        Path there = home;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            ByteSize free = new ByteSize(Files.getFileStore(there).getUsableSpace());
            return free.compareTo(LITTLE_SPACE) < 0
                    ? Finding.warning("disk", free + " free for " + home, "Free some, or choose another --home.")
                    : Finding.ok("disk", free + " free for " + home);
        } catch (IOException e) {
            return Finding.warning("disk", "unknown: " + e.getMessage(), "");
        }
    }

    private Finding backends() {
        try {
            List<BackendStatus> all = Backends.open(home).list();
            List<String> damaged = all.stream()
                    .filter(backend -> !backend.problem().isEmpty())
                    .map(backend -> backend.name() + " (" + backend.problem() + ")")
                    .toList();
            if (!damaged.isEmpty()) {
                return Finding.problem("backends", "damaged: " + String.join(", ", damaged), "Install them again.");
            }
            List<String> names = all.stream()
                    .map(backend -> backend.name() + (backend.installed() ? "" : " (offered)"))
                    .toList();
            return Finding.ok("backends", names.isEmpty() ? "none" : String.join(", ", names));
        } catch (CodedException e) {
            return Finding.problem("backends", e.getMessage(), e.hint());
        }
    }

    private Finding models() {
        ModelConfigs configs = ModelConfigs.of(home);
        for (ModelConfigs.Problem problem : configs.problems()) {
            return Finding.warning(
                    "models", problem.error().getMessage(), problem.error().hint());
        }
        List<ModelConfig> all = configs.all();
        for (ModelConfig model : all) {
            if (!Files.exists(model.file())) {
                return Finding.warning("models", model.name() + ": there is no file " + model.file(), "Put it there.");
            }
        }
        List<String> names = all.stream().map(ModelConfig::name).toList();
        return Finding.ok("models", names.isEmpty() ? "none" : String.join(", ", names));
    }

    private Finding listening() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Finding.ok("port", port + " is free");
        } catch (IOException e) {
            return Finding.warning(
                    "port",
                    port + " is taken: a server runs already, or something else does",
                    "If it is not Slipway: slipway serve --port " + (port + 1) + ".");
        }
    }
}
