package dev.slipway.oci.tree;

import static dev.slipway.oci.tree.SampleTree.directory;
import static dev.slipway.oci.tree.SampleTree.file;
import static dev.slipway.oci.tree.SampleTree.owned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content that comes in pieces, in native memory or not. */
class ChunkedContentTest {
    @TempDir
    Path folder;

    private static final class Chunks extends InputStream implements ByteChunks {
        private final Deque<ByteBuffer> chunks;

        private Chunks(List<ByteBuffer> chunks) {
            this.chunks = new ArrayDeque<>(chunks);
        }

        @Override
        public ByteBuffer next() {
            return chunks.isEmpty() ? ByteBuffer.allocate(0) : chunks.remove();
        }

        @Override
        public int read() throws IOException {
            throw new IOException("nobody needs a stream");
        }
    }

    private static ByteBuffer heap(String text) {
        return ByteBuffer.wrap(("<" + text + ">").getBytes(StandardCharsets.UTF_8), 1, text.length())
                .slice();
    }

    private static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length() + 1)
                .put(1, text.getBytes(StandardCharsets.UTF_8))
                .position(1);
    }

    @Test
    void isWrittenPieceByPiece() throws Exception {
        Path root = folder.resolve("root");
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            Chunks chunks = new Chunks(
                    List.of(direct("one "), heap("two "), heap("three ").asReadOnlyBuffer(), direct("four")));
            sink.add(file("f", 18, owned(0644, 0, 0)), chunks);
            sink.finish();
            sink.publish();
        }
        assertThat(root.resolve("f")).hasContent("one two three four");
    }

    @Test
    void hasToBeAsLongAsTheFile() throws Exception {
        try (DirectorySink sink = DirectorySink.create(folder.resolve("root"))) {
            assertThatThrownBy(() -> sink.add(file("a", 5, owned(0644, 0, 0)), new Chunks(List.of(direct("four")))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/a ended 1 bytes early");
            assertThatThrownBy(() -> sink.add(file("b", 3, owned(0644, 0, 0)), new Chunks(List.of(direct("four")))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/b is longer");
        }
    }
}
