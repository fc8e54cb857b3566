package dev.slipway.backend.model;

import dev.slipway.engine.TextEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.stream.Stream;

/** A model in memory, with what it was loaded from. */
public final class LoadedModel {
    private final ModelSpecification specification;
    private final Optional<Stamp> stamp;
    private final TextEngine engine;
    private volatile boolean released;

    LoadedModel(ModelSpecification specification, Optional<Stamp> stamp, TextEngine engine) {
        this.specification = specification;
        this.stamp = stamp;
        this.engine = engine;
    }

    public TextEngine engine() {
        return engine;
    }

    /** The host's name for the model; may be empty. */
    public String identity() {
        return specification.identity();
    }

    /** Whether the model has been replaced or freed, so that its engine answers no more. */
    public boolean released() {
        return released;
    }

    /**
     * Whether loading this would give the same model again: same wishes, and the file has not changed since. What was
     * fetched from the Hub does not change.
     */
    boolean sameAs(ModelSpecification wanted) {
        boolean unchanged = wanted.hub().isPresent() || (stamp.isPresent() && stamp.equals(Stamp.of(wanted.file())));
        return specification.equals(wanted) && unchanged;
    }

    /** Ends what runs and gives the memory back. */
    void release() {
        released = true;
        engine.close();
    }

    /** What changes when a file, or one of a folder's files, is written again. */
    record Stamp(long size, FileTime modified) {
        static Optional<Stamp> of(Path fileOrFolder) {
            if (!Files.isDirectory(fileOrFolder)) {
                return ofFile(fileOrFolder);
            }
            try (Stream<Path> files = Files.list(fileOrFolder)) {
                return files.flatMap(file -> ofFile(file).stream()).reduce(Stamp::with);
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private static Optional<Stamp> ofFile(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private Stamp with(Stamp other) {
            return new Stamp(size + other.size, modified.compareTo(other.modified) > 0 ? modified : other.modified);
        }
    }
}
