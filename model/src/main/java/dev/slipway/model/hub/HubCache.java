package dev.slipway.model.hub;

import dev.slipway.base.AtomicFiles;
import dev.slipway.model.huggingface.ShardIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One repository's part of the cache: {@code blobs} by hash, {@code snapshots} by commit, whose files are links to blobs,
 * and {@code refs}, which say what commit a branch stood for.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">The cache's layout</a>
 */
final class HubCache {
    private static final List<String> TOKENIZERS =
            List.of("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt");

    private final Path cache;
    private final Path repository;
    private final HubModel model;
    private final boolean offline;

    HubCache(HubSettings settings, HubModel model) {
        this.offline = settings.offline();
        this.cache = settings.cache();
        this.repository = settings.cache().resolve("models--" + model.owner() + "--" + model.name());
        this.model = model;
    }

    /** What to open, when all of it is here. */
    Optional<Path> complete() {
        return commit().map(this::snapshot).flatMap(this::complete);
    }

    private Optional<Path> complete(Path snapshot) {
        if (!model.choice().isEmpty() || !Files.exists(snapshot.resolve(HubSelection.CONFIG))) {
            return onlyGguf(snapshot);
        }
        boolean readable = TOKENIZERS.stream().anyMatch(name -> Files.exists(snapshot.resolve(name)));
        return readable && weights(snapshot) ? Optional.of(snapshot) : Optional.empty();
    }

    private static boolean weights(Path snapshot) {
        Path index = snapshot.resolve(HubSelection.INDEX);
        if (Files.exists(index)) {
            return ShardIndex.read(index).names().stream().allMatch(name -> Files.exists(snapshot.resolve(name)));
        }
        if (Files.exists(snapshot.resolve(HubSelection.SINGLE))) {
            return true;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshot, "*.safetensors")) {
            return Stream.of(files.iterator()).anyMatch(found -> found.hasNext() && Files.exists(found.next()));
        } catch (IOException e) {
            return false;
        }
    }

    /** What the usual file of a repository is, only the Hub knows; the cache may hold another that was chosen once. */
    private Optional<Path> onlyGguf(Path snapshot) {
        if (!Files.isDirectory(snapshot) || (model.choice().isEmpty() && !offline)) {
            return Optional.empty();
        }
        String choice = model.choice().toLowerCase(Locale.ROOT);
        try (Stream<Path> files = Files.walk(snapshot, 4)) {
            List<Path> found = files.filter(file -> {
                        String name = snapshot.relativize(file).toString().toLowerCase(Locale.ROOT);
                        return name.endsWith(".gguf") && name.contains(choice) && Files.isRegularFile(file);
                    })
                    .sorted(Comparator.naturalOrder())
                    .toList();
            return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("list the folder " + snapshot, e);
        }
    }

    /** The commit that the revision stood for when it was fetched. */
    private Optional<String> commit() {
        if (model.isCommit()) {
            return Optional.of(model.revision());
        }
        try {
            Path reference = reference();
            return Files.isRegularFile(reference)
                    ? Optional.of(Files.readString(reference).strip()).filter(text -> text.matches("[0-9a-f]{40}"))
                    : Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("read what " + model + " stands for", e);
        }
    }

    private Path reference() {
        return repository.resolve("refs").resolve(model.revision());
    }

    Path snapshot(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    Path blob(HubFile file) {
        return repository.resolve("blobs").resolve(file.hash());
    }

    /** Where a file's bytes are gathered; not where the Hub's own tools do, whose locks are of another kind. */
    Path part(HubFile file) {
        return repository.resolve("blobs").resolve(file.hash() + ".slipway-incomplete");
    }

    Path lock(HubFile file) {
        return cache.resolve(".locks")
                .resolve(String.valueOf(repository.getFileName()))
                .resolve(file.hash() + ".lock");
    }

    /** Lets a commit's file appear. */
    void link(String commit, HubFile file) {
        Path link = snapshot(commit).resolve(file.name());
        Path folder = link.getParent();
        if (folder == null || Files.exists(link)) {
            return;
        }
        try {
            AtomicFiles.link(link, folder.relativize(blob(file)));
        } catch (IOException e) {
            throw AtomicFiles.explain("put " + file.name() + " into the cache", e);
        }
    }

    /** Says what the revision stands for; to be called when all files are there. */
    void refer(String commit) {
        if (model.isCommit()) {
            return;
        }
        try {
            AtomicFiles.write(reference(), commit.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw AtomicFiles.explain("remember what " + model + " stands for", e);
        }
    }
}
