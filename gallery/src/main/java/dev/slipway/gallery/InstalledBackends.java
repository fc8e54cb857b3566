package dev.slipway.gallery;

import dev.slipway.base.AtomicFiles;
import dev.slipway.gallery.install.MetadataFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a backends folder holds, read anew at each call.
 *
 * @param backends what can be started, sorted by name
 * @param problems folders that look like backends and cannot be used, and why
 */
public record InstalledBackends(List<InstalledBackend> backends, List<Problem> problems) {
    /** The name of the script that starts a backend. */
    public static final String RUN_SCRIPT = "run.sh";

    public InstalledBackends {
        backends = List.copyOf(backends);
        problems = List.copyOf(problems);
    }

    /**
     * A folder that was left out.
     *
     * @param folder where it lies
     * @param reason what is wrong with it
     */
    public record Problem(Path folder, String reason) {}

    /** Lists a folder; one that does not exist is empty. */
    public static InstalledBackends list(Path backendsFolder) {
        List<InstalledBackend> backends = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        if (!Files.isDirectory(backendsFolder)) {
            return new InstalledBackends(backends, problems);
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(backendsFolder)) {
            for (Path folder : folders) {
                // Versions, locks and whatever is being put together begin with a dot.
                if (!folder.getFileName().toString().startsWith(".")) {
                    add(folder, backends, problems);
                }
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("list the backends in " + backendsFolder, e);
        }
        backends.sort(Comparator.comparing(InstalledBackend::name));
        problems.sort(Comparator.comparing(problem -> problem.folder().toString()));
        return new InstalledBackends(backends, problems);
    }

    /** The backend of that name, else the first with that alias. */
    public Optional<InstalledBackend> find(String name) {
        Optional<InstalledBackend> byName =
                backends.stream().filter(backend -> backend.name().equals(name)).findFirst();
        return byName.isPresent()
                ? byName
                : backends.stream().filter(backend -> backend.named(name)).findFirst();
    }

    private static void add(Path folder, List<InstalledBackend> backends, List<Problem> problems) {
        try {
            backends.add(read(folder));
        } catch (IOException e) {
            problems.add(new Problem(folder, String.valueOf(e.getMessage())));
        }
    }

    /** Reads one folder or the folder that a link stands for. */
    static InstalledBackend read(Path folder) throws IOException {
        Path current;
        try {
            current = folder.toRealPath();
        } catch (IOException e) {
            throw new IOException("it points at a folder that is not there", e);
        }
        if (!Files.isDirectory(current)) {
            throw new IOException("it is not a folder");
        }
        Path runScript = current.resolve(RUN_SCRIPT);
        if (!Files.isRegularFile(runScript)) {
            throw new IOException("it holds no run.sh");
        }
        if (!Files.isExecutable(runScript)) {
            throw new IOException("its run.sh is not executable");
        }
        String name = folder.getFileName().toString();
        BackendMetadata metadata = MetadataFile.read(current, name);
        return new InstalledBackend(name, metadata.alias(), folder, runScript, metadata);
    }
}
