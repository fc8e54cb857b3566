package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Layers made by hand, entry by entry, with whatever names a test wants. */
public final class Layers {
    private static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

    private final MemoryContentStore store = new MemoryContentStore();
    private final List<Descriptor> layers = new ArrayList<>();
    private final List<Digest> diffIds = new ArrayList<>();
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private TarWriter tar = new TarWriter(bytes);
    private boolean open;

    public Layers dir(String name) {
        return dir(name, 0755);
    }

    public Layers dir(String name, int mode) {
        return add(new TarHeader(name, TarType.DIRECTORY, Attributes.of(mode, TIME), 0, "", 0, 0), "");
    }

    public Layers file(String name, String content) {
        return file(name, content, Attributes.of(0644, TIME));
    }

    public Layers file(String name, String content, Attributes attributes) {
        return add(new TarHeader(name, TarType.FILE, attributes, content.length(), "", 0, 0), content);
    }

    public Layers link(String name, String target) {
        return add(new TarHeader(name, TarType.SYMBOLIC_LINK, Attributes.of(0777, TIME), 0, target, 0, 0), "");
    }

    public Layers hard(String name, String target) {
        return add(new TarHeader(name, TarType.HARD_LINK, Attributes.of(0644, TIME), 0, target, 0, 0), "");
    }

    public Layers device(String name, int major, int minor) {
        return add(new TarHeader(name, TarType.CHARACTER_DEVICE, Attributes.of(0600, TIME), 0, "", major, minor), "");
    }

    public Layers fifo(String name) {
        return add(new TarHeader(name, TarType.FIFO, Attributes.of(0600, TIME), 0, "", 0, 0), "");
    }

    private Layers add(TarHeader header, String content) {
        try {
            tar.write(header, new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1)));
            open = true;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the layer; what follows lies above it. */
    public Layers above() {
        try {
            tar.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] plain = bytes.toByteArray();
        bytes = new ByteArrayOutputStream();
        tar = new TarWriter(bytes);
        open = false;
        return blob(MediaTypes.LAYER_TAR_GZIP, gzip(plain), Digest.sha256(plain));
    }

    public Layers blob(String mediaType, byte[] blob, Digest diffId) {
        Descriptor layer = Descriptor.of(mediaType, blob);
        store.put(layer.digest(), blob);
        layers.add(layer);
        diffIds.add(diffId);
        return this;
    }

    public static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public List<Descriptor> descriptors() {
        return layers;
    }

    public List<Digest> diffIds() {
        return diffIds;
    }

    public byte[] bytes(Descriptor layer) {
        return store.read(layer.digest(), ByteSize.ofMebibytes(64));
    }

    public void into(TreeSink sink) {
        into(sink, FlattenLimits.defaults());
    }

    public void into(TreeSink sink, FlattenLimits limits) {
        if (open) {
            above();
        }
        new Flattener(limits)
                .flatten(layers, diffIds, LayerSource.of(store), sink, ProgressListener.NONE, Cancellation.never());
    }

    /** The tree, a line per entry; both ways of flattening must find it. */
    public List<String> tree() {
        RecordingSink streamed = new RecordingSink(true);
        RecordingSink indexed = new RecordingSink(false);
        @Nullable CodedException failure = failure(streamed);
        @Nullable CodedException other = failure(indexed);
        if (failure != null || other != null) {
            assertThat(failure).as("streamed").isNotNull();
            assertThat(other).as("indexed").isNotNull();
            assertThat(other.code()).isEqualTo(failure.code());
            throw failure;
        }
        assertThat(streamed.tree()).isEqualTo(indexed.tree());
        return indexed.lines();
    }

    private @Nullable CodedException failure(TreeSink sink) {
        try {
            into(sink);
            return null;
        } catch (CodedException e) {
            return e;
        }
    }

    /** Whether one pass is enough for them. */
    public boolean areRegular() {
        RecordingSink sink = new RecordingSink();
        into(sink);
        return sink.resets() == 0;
    }
}
