package dev.slipway.gallery;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A source that makes backends whose run.sh holds a given text. */
final class FolderSource implements BackendSource {
    private final Map<String, String> scripts = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();

    FolderSource with(String uri, String script) {
        scripts.put(uri, script);
        return this;
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public Fetched fetch(String uri, ProgressListener progress, Cancellation cancellation) {
        asked.add(uri);
        String script = scripts.get(uri);
        if (script == null) {
            throw new GalleryException(
                    "gallery.test-unreachable", ErrorKind.UNREACHABLE, "Nothing at " + uri, "", null);
        }
        return new Fetched() {
            @Override
            public Digest digest() {
                return Digest.sha256(script);
            }

            @Override
            public long bytesFetched() {
                return script.length();
            }

            @Override
            public void unpackInto(Path folder, ProgressListener listener, Cancellation token) {
                try {
                    unpack(folder, script);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static void unpack(Path folder, String script) throws IOException {
        Files.createDirectories(folder.resolve("lib/deep"));
        Files.writeString(folder.resolve("lib/deep/data"), script);
        Files.setPosixFilePermissions(folder.resolve("lib/deep/data"), PosixFilePermissions.fromString("r--r--r--"));
        Files.createSymbolicLink(folder.resolve("lib/link"), Path.of("deep/data"));
        Files.createSymbolicLink(folder.resolve("lib/dangling"), Path.of("nowhere"));
        if (script.isEmpty()) {
            return;
        }
        Path run = Files.writeString(folder.resolve("run.sh"), script);
        Files.setPosixFilePermissions(
                run, PosixFilePermissions.fromString(script.startsWith("#!") ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
