package dev.slipway.runtime.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes all that a process writes: into a file of bounded size, and the last lines into memory for error messages.
 *
 * <p>Output is always drained, whatever happens to the file: a process that cannot write would stand still.
 */
public final class OutputLog {
    /** The file starts anew at this size; what was in it is kept once, with the ending {@code .1}. */
    static final long MAX_FILE_BYTES = 4 << 20;

    static final int KEPT_LINES = 40;
    static final int MAX_LINE_BYTES = 1000;

    private static final System.Logger LOG = System.getLogger(OutputLog.class.getName());

    private final Path file;
    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Thread pump;
    private @Nullable OutputStream out;
    private long written;

    private OutputLog(Path file, InputStream source, String name) {
        this.file = file;
        // A platform thread: a read from a pipe would hold a carrier of the virtual ones for as long as it waits.
        this.pump = Thread.ofPlatform().daemon().name("output of " + name).unstarted(() -> drain(source));
    }

    /** Starts to take what {@code source} gives, until it ends. */
    public static OutputLog start(Path file, InputStream source, String name) {
        OutputLog log = new OutputLog(file, source, name);
        log.pump.start();
        return log;
    }

    /** The last lines, oldest first. */
    public List<String> tail() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits until all output of an ended process is here. */
    public void awaitEnd(Duration patience) {
        try {
            pump.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(InputStream source) {
        byte[] buffer = new byte[8192];
        try (source) {
            open();
            for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
                toFile(buffer, read);
                toLines(buffer, read);
            }
        } catch (IOException e) {
            // The pipe is closed under the read when the process has ended.
            LOG.log(Level.DEBUG, "output ended", e);
        } finally {
            endLine();
            closeFile();
        }
    }

    private void toLines(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                endLine();
            } else {
                line.write(buffer[i]);
                if (line.size() >= MAX_LINE_BYTES) {
                    endLine();
                }
            }
        }
    }

    private void endLine() {
        if (line.size() == 0) {
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        line.reset();
        synchronized (lines) {
            if (lines.size() == KEPT_LINES) {
                lines.removeFirst();
            }
            lines.addLast(text);
        }
    }

    private void toFile(byte[] buffer, int length) {
        if (out == null) {
            return;
        }
        try {
            if (written + length > MAX_FILE_BYTES) {
                out.close();
                open();
            }
            if (out != null) {
                out.write(buffer, 0, length);
                written += length;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no more output goes to " + file, e);
            closeFile();
        }
    }

    private void open() {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (Files.exists(file)) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            written = 0;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no output goes to " + file, e);
            out = null;
        }
    }

    private void closeFile() {
        if (out == null) {
            return;
        }
        try {
            out.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing " + file, e);
        }
        out = null;
    }
}
