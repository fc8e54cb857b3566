package dev.slipway.server;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.server.config.ModelConfigFile;
import dev.slipway.server.config.NearestName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that are configured: {@code *.yaml} in some folders, looked at anew each time. A name in an earlier folder
 * hides the same name in a later one; a file that cannot be used takes no other model down.
 */
public final class ModelConfigs {
    private final List<Path> folders;
    private final Map<Path, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(FileTime modified, long size, ModelConfig config) {}

    /** A file that cannot be used, and why. */
    public record Problem(Path file, CodedException error) {}

    private record Scan(Map<String, ModelConfig> models, List<Problem> problems) {}

    /** @param folders in order of precedence; those that do not exist count as empty */
    public ModelConfigs(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** The models of a home and of the distribution that this process was started from. */
    public static ModelConfigs of(Path home) {
        return of(home, Distribution.current());
    }

    static ModelConfigs of(Path home, Optional<Distribution> distribution) {
        List<Path> folders = new ArrayList<>();
        folders.add(new SlipwayHome(home).models());
        distribution.ifPresent(shipped -> folders.add(shipped.models()));
        return new ModelConfigs(folders);
    }

    /** All models that can be used, by name. */
    public List<ModelConfig> all() {
        return List.copyOf(scan().models().values());
    }

    /** The files that cannot be used. */
    public List<Problem> problems() {
        return List.copyOf(scan().problems());
    }

    /**
     * The model of a name.
     *
     * @throws ServerException {@code server.unknown-model}, with the names that are known
     */
    public ModelConfig find(String name) {
        Scan scan = scan();
        ModelConfig found = scan.models().get(name);
        if (found != null) {
            return found;
        }
        for (Problem problem : scan.problems()) {
            if (String.valueOf(problem.file().getFileName()).equals(name + ".yaml")) {
                throw problem.error();
            }
        }
        throw unknown(name, List.copyOf(scan.models().keySet()));
    }

    private ServerException unknown(String name, List<String> known) {
        String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
        String names = known.isEmpty()
                ? "No model is configured: add a YAML file in " + folders.getFirst() + "."
                : "Known models: " + String.join(", ", known) + ".";
        String hint = NearestName.of(shown, known)
                .map(nearest -> "Did you mean '" + nearest + "'? " + names)
                .orElse(names);
        return new ServerException(
                "server.unknown-model", ErrorKind.NOT_FOUND, "There is no model '" + shown + "'.", hint, null);
    }

    private Scan scan() {
        Scan scan = new Scan(new TreeMap<>(), new ArrayList<>());
        for (Path folder : folders) {
            for (Path file : files(folder)) {
                try {
                    ModelConfig config = load(file);
                    scan.models().putIfAbsent(config.name(), config);
                } catch (CodedException e) {
                    scan.problems().add(new Problem(file, e));
                }
            }
        }
        return scan;
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[!.]*.yaml")) {
            entries.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw AtomicFiles.explain("list the models in " + folder, e);
        }
        files.sort(null);
        return files;
    }

    private ModelConfig load(Path file) {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            long size = Files.size(file);
            Cached cached = cache.get(file);
            if (cached != null && cached.size() == size && cached.modified().equals(modified)) {
                return cached.config();
            }
            ModelConfig config = ModelConfigFile.read(file);
            cache.put(file, new Cached(modified, size, config));
            return config;
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + file, e);
        }
    }
}
