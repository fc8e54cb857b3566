package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code index.json} of an OCI image layout: descriptors that carry their reference as an annotation. */
final class LayoutIndex {
    static final String FILE = "index.json";
    static final String NAME = "org.opencontainers.image.ref.name";

    private LayoutIndex() {}

    static Descriptor named(String name, Descriptor descriptor) {
        Map<String, String> annotations = new TreeMap<>(descriptor.annotations());
        annotations.put(NAME, name);
        return descriptor.withAnnotations(annotations);
    }

    static Descriptor withoutName(Descriptor descriptor) {
        Map<String, String> annotations = new TreeMap<>(descriptor.annotations());
        annotations.remove(NAME);
        return descriptor.withAnnotations(annotations);
    }

    /** What the layout in a folder lists; empty when it has no index yet. */
    static List<Descriptor> read(Path folder) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(folder.resolve(FILE))) {
            bytes = in.readNBytes(Math.toIntExact(ManifestDocument.MAX_SIZE.bytes() + 1));
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + folder.resolve(FILE), e);
        }
        if (ManifestDocument.parse(bytes, MediaTypes.INDEX) instanceof ImageIndex index) {
            return index.manifests();
        }
        throw OciException.corrupt("oci.invalid-layout", folder.resolve(FILE) + " is not an image index.");
    }

    static void write(Path folder, List<Descriptor> manifests) {
        try {
            AtomicFiles.write(folder.resolve(FILE), ImageIndex.create(manifests).bytes());
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + folder.resolve(FILE), e);
        }
    }
}
