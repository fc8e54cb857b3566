package dev.slipway.gallery;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ObjectLock;
import dev.slipway.base.ProgressListener;
import dev.slipway.gallery.install.MetadataFile;
import dev.slipway.gallery.install.VersionsFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Installs backends, each by one transaction: whatever moment it is ended at, the old version is there, or the new one,
 * or none when there was none.
 *
 * <p>A version is put together beside its final place and renamed, then the backend's name, a symbolic link, is switched
 * by one rename. Several processes may work on one folder; they lock per backend.
 */
public final class BackendInstaller {
    private static final Duration LOCK_PATIENCE = Duration.ofMinutes(30);

    private final Path backendsFolder;
    private final BackendSource source;
    private final Consumer<InstallStep> steps;

    /**
     * Creates an installer.
     *
     * @param backendsFolder created when missing
     */
    public BackendInstaller(Path backendsFolder, BackendSource source) {
        this(backendsFolder, source, _ -> {});
    }

    BackendInstaller(Path backendsFolder, BackendSource source, Consumer<InstallStep> steps) {
        this.backendsFolder = backendsFolder.toAbsolutePath();
        this.source = source;
        this.steps = steps;
    }

    /**
     * Installs a concrete backend. Does nothing, and needs no network, when it is installed from the same uri in the
     * same version already.
     *
     * @throws GalleryException {@code gallery.not-concrete}, {@code gallery.not-a-backend} when what was fetched holds
     *     no run.sh, {@code gallery.name-taken}
     * @throws CodedException what went wrong on the network or on disk
     */
    public Installation install(GalleryEntry entry, ProgressListener progress, Cancellation cancellation) {
        return locked(entry.name(), cancellation, versions -> {
            Optional<InstalledBackend> installed = installed(versions);
            if (installed.isPresent() && sameOrigin(installed.get().metadata(), entry)) {
                return new Installation(installed.get(), false, 0);
            }
            return replace(entry, versions, progress, cancellation);
        });
    }

    /**
     * Installs what the entry's uri stands for now, even when an older version of it is installed; the source is asked,
     * and nothing else happens when the newest is there.
     */
    public Installation upgrade(GalleryEntry entry, ProgressListener progress, Cancellation cancellation) {
        return locked(entry.name(), cancellation, versions -> replace(entry, versions, progress, cancellation));
    }

    /**
     * Goes back to the version before the last upgrade, which stays there to come back to; asks no source.
     *
     * @throws GalleryException {@code gallery.no-previous-version}
     */
    public InstalledBackend rollBack(String name, Cancellation cancellation) {
        return locked(GalleryEntry.requireName(name), cancellation, versions -> {
            Optional<Path> previous = versions.previousVersion();
            if (previous.isEmpty()) {
                throw new GalleryException(
                        "gallery.no-previous-version",
                        ErrorKind.NOT_FOUND,
                        "Could not roll back '" + name + "': no previous version of it is here.",
                        "",
                        null);
            }
            versions.makeCurrent(previous.get());
            return InstalledBackends.read(versions.link());
        });
    }

    /** Deletes a backend with all its versions; returns whether there was one. */
    public boolean delete(String name, Cancellation cancellation) {
        return locked(GalleryEntry.requireName(name), cancellation, versions -> {
            requireOurs(versions);
            return versions.deleteAll();
        });
    }

    /** Removes what earlier crashes left, of every backend that nobody works on now. */
    public void sweep() {
        try {
            for (String name : VersionsFolder.names(backendsFolder)) {
                trySweep(name);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("sweep " + backendsFolder, e);
        }
    }

    private void trySweep(String name) throws IOException {
        VersionsFolder versions = new VersionsFolder(backendsFolder, name);
        try (var _ = ObjectLock.acquire(
                versions.lockFile(), "backend '" + name + "'", Duration.ZERO, Cancellation.never())) {
            versions.sweep();
        } catch (CodedException e) {
            if (e.kind() != ErrorKind.CONFLICT) {
                throw e;
            }
            // Somebody installs it at this moment, and sweeps first.
        }
    }

    private interface Work<T> {
        T on(VersionsFolder versions) throws IOException;
    }

    private <T> T locked(String name, Cancellation cancellation, Work<T> work) {
        VersionsFolder versions = new VersionsFolder(backendsFolder, name);
        try (var _ = ObjectLock.acquire(versions.lockFile(), "backend '" + name + "'", LOCK_PATIENCE, cancellation)) {
            versions.sweep();
            steps.accept(InstallStep.LOCKED);
            return work.on(versions);
        } catch (IOException e) {
            throw AtomicFiles.explain("work on backend '" + name + "' in " + backendsFolder, e);
        } catch (UncheckedIOException e) {
            throw AtomicFiles.explain("work on backend '" + name + "' in " + backendsFolder, e);
        }
    }

    private Installation replace(
            GalleryEntry entry, VersionsFolder versions, ProgressListener progress, Cancellation cancellation)
            throws IOException {
        if (entry.uri().isEmpty()) {
            throw new GalleryException(
                    "gallery.not-concrete",
                    ErrorKind.INVALID,
                    "Could not install '" + entry.name() + "': it only stands for other backends.",
                    "Let the host's capability choose one of them: "
                            + String.join(", ", entry.capabilities().values()) + ".",
                    null);
        }
        requireOurs(versions);
        BackendSource.Fetched fetched = fetch(entry, progress, cancellation);
        steps.accept(InstallStep.FETCHED);
        Path version = versions.version(fetched.digest());
        Optional<InstalledBackend> installed = installed(versions);
        if (installed.isPresent()
                && versions.isCurrent(version)
                && sameOrigin(installed.get().metadata(), entry)) {
            return new Installation(installed.get(), false, fetched.bytesFetched());
        }
        if (!usable(version, entry)) {
            AtomicFiles.deleteRecursively(version);
            build(entry, fetched, versions, progress, cancellation);
        }
        steps.accept(InstallStep.PUBLISHED);
        cancellation.throwIfCancelled();
        versions.makeCurrent(version);
        steps.accept(InstallStep.LINKED);
        versions.prune();
        steps.accept(InstallStep.PRUNED);
        InstalledBackend backend = InstalledBackends.read(versions.link());
        return new Installation(backend, true, fetched.bytesFetched());
    }

    /** Tries the uri, then its mirrors; when none has it, the first failure is the one to tell. */
    private BackendSource.Fetched fetch(GalleryEntry entry, ProgressListener progress, Cancellation cancellation) {
        List<String> uris = new ArrayList<>();
        uris.add(entry.uri());
        uris.addAll(entry.mirrors());
        CodedException first = null;
        for (String uri : uris) {
            try {
                return source.fetch(uri, progress, cancellation);
            } catch (CodedException e) {
                if (e.kind() == ErrorKind.CANCELLED || e.kind() == ErrorKind.EXHAUSTED) {
                    throw e;
                }
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first == null) {
            throw new AssertionError("there is at least one uri");
        }
        throw first;
    }

    private void build(
            GalleryEntry entry,
            BackendSource.Fetched fetched,
            VersionsFolder versions,
            ProgressListener progress,
            Cancellation cancellation)
            throws IOException {
        Path staging = versions.staging(fetched.digest());
        try {
            fetched.unpackInto(staging, progress, cancellation);
            // An image may say otherwise about its root, and we have to write into it.
            Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));
            requireRunScript(entry, staging);
            steps.accept(InstallStep.UNPACKED);
            BackendMetadata metadata = new BackendMetadata(
                    entry.name(),
                    entry.alias(),
                    entry.uri(),
                    fetched.digest().toString(),
                    entry.version(),
                    "",
                    Instant.now());
            AtomicFiles.deleteRecursively(staging.resolve(MetadataFile.NAME));
            AtomicFiles.write(staging.resolve(MetadataFile.NAME), MetadataFile.write(metadata));
            steps.accept(InstallStep.DESCRIBED);
            VersionsFolder.sync(staging, progress, cancellation);
            steps.accept(InstallStep.SYNCED);
            AtomicFiles.rename(staging, versions.version(fetched.digest()));
        } catch (RuntimeException | IOException e) {
            discard(staging, e);
            throw e;
        }
    }

    private static void discard(Path staging, Exception failure) {
        try {
            AtomicFiles.deleteRecursively(staging);
        } catch (IOException e) {
            // The next sweep does it.
            failure.addSuppressed(e);
        }
    }

    private static void requireRunScript(GalleryEntry entry, Path folder) {
        Path script = folder.resolve(InstalledBackends.RUN_SCRIPT);
        boolean regular = Files.isRegularFile(script);
        if (regular && Files.isExecutable(script)) {
            return;
        }
        throw new GalleryException(
                "gallery.not-a-backend",
                ErrorKind.INVALID,
                "Could not install '" + entry.name() + "' from " + entry.uri() + ": the image has no "
                        + (regular ? "executable " : "") + "run.sh at its root.",
                "Check that the uri names a backend's image.",
                null);
    }

    private static boolean usable(Path version, GalleryEntry entry) {
        try {
            return Files.isDirectory(version)
                    && sameOrigin(InstalledBackends.read(version).metadata(), entry);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<InstalledBackend> installed(VersionsFolder versions) {
        try {
            return Files.isSymbolicLink(versions.link())
                    ? Optional.of(InstalledBackends.read(versions.link()))
                    : Optional.empty();
        } catch (IOException e) {
            // Damaged: put it there again.
            return Optional.empty();
        }
    }

    private static boolean sameOrigin(BackendMetadata metadata, GalleryEntry entry) {
        return metadata.uri().equals(entry.uri())
                && metadata.version().equals(entry.version())
                && metadata.alias().equals(entry.alias());
    }

    private static void requireOurs(VersionsFolder versions) {
        if (versions.taken()) {
            throw new GalleryException(
                    "gallery.name-taken",
                    ErrorKind.CONFLICT,
                    "Could not touch " + versions.link() + ": it is not a link to an installed version, so Slipway did"
                            + " not put it there.",
                    "Move it away, then try again.",
                    null);
        }
    }
}
