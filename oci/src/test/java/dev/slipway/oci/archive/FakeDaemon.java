package dev.slipway.oci.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers each request on a Unix socket with the next bytes it was given. */
final class FakeDaemon implements AutoCloseable {
    private static final byte[] SILENCE = new byte[0];

    private final ServerSocketChannel server;
    private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private volatile String request = "";
    private volatile long bodyLength;
    private volatile Runnable whenAsked = () -> {};

    FakeDaemon(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    void answer(byte[] bytes) {
        answers.add(bytes.clone());
    }

    void staySilent() {
        answers.add(SILENCE);
    }

    void whenAsked(Runnable action) {
        whenAsked = action;
    }

    String request() {
        return request;
    }

    long bodyLength() {
        return bodyLength;
    }

    static byte[] head(String head, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    static byte[] chunked(byte[] body, Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
        for (int at = 0; at < body.length; ) {
            int size = Math.min(body.length - at, 1 + random.nextInt(100_000));
            bytes.writeBytes((Integer.toHexString(size) + ";ext=1\r\n").getBytes(StandardCharsets.ISO_8859_1));
            bytes.write(body, at, size);
            bytes.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            at += size;
        }
        bytes.writeBytes("0\r\nTrailer: t\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toByteArray();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                serve(channel);
            } catch (IOException _) {
                // The client hung up, or the test is over.
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int letter = in.read();
            if (letter < 0) {
                return;
            }
            head.append((char) letter);
        }
        long length = head.toString()
                .lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToLong(line -> Long.parseLong(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
        in.skipNBytes(length);
        bodyLength = length;
        request = head.toString();
        whenAsked.run();
        byte[] answer = answers.take();
        if (answer == SILENCE) {
            in.read();
            return;
        }
        try (OutputStream out = Channels.newOutputStream(channel)) {
            out.write(answer);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
