package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a tar file, found in one pass over the headers and then read in any order; nothing is unpacked.
 *
 * <p>Links are followed inside the archive only, and only by name: nothing here ever touches the file system but the tar
 * file itself.
 */
final class TarFile implements ImageFiles {
    private static final int MAX_ENTRIES = 200_000;
    private static final long MAX_NAMES = 64 << 20;
    private static final int MAX_HOPS = 8;

    private final String description;
    private final FileChannel channel;
    private final Map<String, Entry> entries = new HashMap<>();
    private long nameBytes;

    private sealed interface Entry {
        record Content(long offset, long size) implements Entry {}

        /** A link, by the normal name of its target. */
        record Link(String target) implements Entry {}
    }

    private TarFile(String description, FileChannel channel) {
        this.description = description;
        this.channel = channel;
    }

    /**
     * Opens a tar file, a plain one.
     *
     * @param description where it is from, for messages
     */
    static TarFile open(Path file, String description, StandardOpenOption... options) throws IOException {
        TarFile tar = new TarFile(description, FileChannel.open(file, options));
        try {
            tar.index();
            return tar;
        } catch (IOException | RuntimeException e) {
            tar.channel.close();
            throw e;
        }
    }

    private void index() throws IOException {
        try (ChannelStream in = new ChannelStream(channel, 0, channel.size())) {
            TarReader reader = new TarReader(in);
            for (Optional<TarHeader> next = reader.next(); next.isPresent(); next = reader.next()) {
                add(next.get(), reader.position());
            }
        }
    }

    private void add(TarHeader header, long offset) {
        String name = TreePath.parse(header.name()).bytes();
        switch (header.type()) {
            case FILE -> {
                if (!header.extents().isEmpty()) {
                    throw invalid("'" + SmallFiles.shown(name) + "' is a sparse file, which no image archive holds");
                }
                put(name, new Entry.Content(offset, header.size()));
            }
            case HARD_LINK ->
                put(name, new Entry.Link(TreePath.parse(header.linkName()).bytes()));
            case SYMBOLIC_LINK -> put(name, new Entry.Link(target(name, header.linkName())));
            case DIRECTORY -> count(name);
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                throw invalid("'" + SmallFiles.shown(name) + "' is a special file, which no image archive holds");
        }
    }

    private String target(String name, String link) {
        if (link.startsWith("/")) {
            throw invalid("the link '" + SmallFiles.shown(name) + "' leads out of it");
        }
        return TreePath.parse(new TreePath(name).parent().bytes() + "/" + link).bytes();
    }

    private void put(String name, Entry entry) {
        count(name);
        if (entries.put(name, entry) != null) {
            // Readers differ in which of the two they take: nobody shall see another image than somebody else.
            throw invalid("it holds '" + SmallFiles.shown(name) + "' twice");
        }
    }

    private void count(String name) {
        nameBytes += name.length();
        if (entries.size() >= MAX_ENTRIES || nameBytes > MAX_NAMES) {
            throw invalid(
                    "it has more than " + MAX_ENTRIES + " entries, or names of more than " + MAX_NAMES + " bytes");
        }
    }

    private OciException invalid(String why) {
        return OciException.corrupt("oci.invalid-archive", "Reading " + description + " failed: " + why + ".");
    }

    @Override
    public String description() {
        return description;
    }

    private Entry.@Nullable Content find(String name) {
        String at = TreePath.parse(name).bytes();
        for (int hop = 0; hop <= MAX_HOPS; hop++) {
            switch (entries.get(at)) {
                case null -> {
                    return null;
                }
                case Entry.Content content -> {
                    return content;
                }
                case Entry.Link(String target) -> at = target;
            }
        }
        throw invalid("the links behind '" + SmallFiles.shown(name) + "' go in a circle, or too far");
    }

    @Override
    public OptionalLong size(String name) {
        Entry.Content content = find(name);
        return content == null ? OptionalLong.empty() : OptionalLong.of(content.size());
    }

    @Override
    public InputStream open(String name, long offset) throws IOException {
        Entry.Content content = find(name);
        if (content == null) {
            throw invalid("it holds no '" + SmallFiles.shown(name) + "'");
        }
        if (offset > content.size()) {
            throw new IOException("byte " + offset + " is past the end of '" + SmallFiles.shown(name) + "'");
        }
        return new ChannelStream(channel, content.offset() + offset, content.offset() + content.size());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw AtomicFiles.explain("close " + description, e);
        }
    }
}
