package dev.slipway.oci.tree;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.posix.Posix;
import dev.slipway.posix.PosixException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Lays a tree out as a directory.
 *
 * <p>The tree grows in a staging folder beside the target, which nobody else can enter, and takes the target's name by one
 * rename in {@link #publish}; closed before that, it is removed. Should the process be killed, the next unpacking to the
 * same target removes what it left. Where nothing may be made beside the target, or the target is a mount point, the staging
 * folder lies in the target and its entries are moved out of it one by one.
 *
 * <p>Nothing it does reaches outside, whatever the image holds and whoever changes the staging folder meanwhile: entries are
 * made relative to open handles, found without following a link. What this user or the file system cannot hold, such as
 * owners and devices, is left out and counted in {@link #report}.
 *
 * <p>Where there are no system calls ({@link Posix}), the JDK's own do what they can; {@link SinkReport#limits} tells.
 */
public final class DirectorySink implements TreeSink, AutoCloseable {
    private enum State {
        OPEN,
        FINISHED,
        PUBLISHED,
        CLOSED
    }

    private final Path target;
    private final TreeWriter writer;
    private State state = State.OPEN;

    private DirectorySink(Path target, TreeWriter writer) {
        this.target = target;
        this.writer = writer;
    }

    /**
     * Begins to lay out a tree that survives a power cut as soon as it is published.
     *
     * @param target new, or an empty directory
     * @throws OciException {@code oci.folder-not-empty}
     */
    public static DirectorySink create(Path target) {
        return create(target, true);
    }

    /**
     * Begins to lay out a tree.
     *
     * @param target new, or an empty directory
     * @param durable whether {@link #publish} waits until everything is on disk
     * @throws OciException {@code oci.folder-not-empty}
     */
    public static DirectorySink create(Path target, boolean durable) {
        Path absolute = target.toAbsolutePath().normalize();
        try {
            TreeWriter writer = Posix.isAvailable()
                    ? PosixTreeWriter.create(absolute, durable)
                    : PlainTreeWriter.create(absolute, durable);
            return new DirectorySink(absolute, writer);
        } catch (IOException e) {
            throw AtomicFiles.explain("unpack into " + target, e);
        }
    }

    /** What could not be held so far. */
    public SinkReport report() {
        return writer.report();
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        require(State.OPEN);
        try {
            writer.add(entry, content);
        } catch (PosixException e) {
            throw explained(entry.path(), e);
        }
    }

    /** Forgets the tree; the staging folder is empty again. */
    @Override
    public void reset() throws IOException {
        require(State.OPEN);
        writer.reset();
    }

    @Override
    public void finish() throws IOException {
        require(State.OPEN);
        try {
            writer.finish();
        } catch (PosixException e) {
            throw explained(TreePath.ROOT, e);
        }
        state = State.FINISHED;
    }

    /**
     * Gives the finished tree its name.
     *
     * @throws OciException {@code oci.folder-not-empty} when the target has got something in it meanwhile
     */
    public void publish() {
        require(State.FINISHED);
        try {
            writer.publish();
        } catch (IOException e) {
            throw AtomicFiles.explain("unpack into " + target, e);
        }
        state = State.PUBLISHED;
    }

    private void require(State expected) {
        if (state != expected) {
            throw new IllegalStateException("the sink is " + state);
        }
    }

    private CodedException explained(TreePath path, PosixException failure) {
        String attempted = "unpack " + path + " into " + target;
        return switch (failure.errno()) {
            case EXIST ->
                new OciException(
                        "oci.name-collision",
                        ErrorKind.CONFLICT,
                        "Could not " + attempted + ": there is a file of that name already.",
                        "The image has names that this file system takes for one, such as names that differ in case"
                                + " only: unpack to a file system that tells them apart.",
                        failure);
            case INVAL, ILSEQ, NAMETOOLONG ->
                new OciException(
                        "oci.unrepresentable-name",
                        ErrorKind.INVALID,
                        "Could not " + attempted + ": the file system cannot hold its name ("
                                + failure.errno().text() + ").",
                        "Unpack to a file system such as ext4 or xfs.",
                        failure);
            default -> AtomicFiles.explain(attempted, failure);
        };
    }

    /** Removes the staging folder unless it was published. */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            writer.close();
        } catch (IOException e) {
            throw AtomicFiles.explain("clean up after unpacking into " + target, e);
        }
    }
}
