package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;

/** The files of a folder. */
record FolderFiles(Path folder) implements ImageFiles {
    @Override
    public String description() {
        return folder.toString();
    }

    @Override
    public OptionalLong size(String name) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException _) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("look for " + name + " in " + folder, e);
        }
    }

    @Override
    public InputStream open(String name, long offset) throws IOException {
        InputStream in = Files.newInputStream(folder.resolve(name));
        in.skipNBytes(offset);
        return in;
    }

    @Override
    public void close() {}
}
