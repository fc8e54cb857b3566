package dev.slipway.http.jetty;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.http.EventStream;
import dev.slipway.http.Exchange;
import dev.slipway.http.HttpException;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** One request and its answer, over Jetty's. */
final class JettyExchange implements Exchange {
    private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");
    private static final int STREAM_BUFFER = 16 << 10;
    private static final int FILE_BUFFER = 64 << 10;

    /** Stands for a client whose address the connection does not tell; it is no loopback address. */
    private static final InetSocketAddress UNKNOWN_CLIENT = new InetSocketAddress(0);

    private final Request request;
    private final Response response;
    private final ByteSize maxBody;
    private final String requestId;
    private @Nullable Fields query;
    private long sent;
    private boolean begun;
    private boolean ended;
    private boolean broken;

    JettyExchange(Request request, Response response, ByteSize maxBody) {
        this.request = request;
        this.response = response;
        this.maxBody = maxBody;
        this.requestId = header("X-Request-Id")
                .filter(id -> SANE_ID.matcher(id).matches())
                .orElseGet(() -> "req_"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(fields().getValue(name));
    }

    @Override
    public List<String> queries(String name) {
        return List.copyOf(fields().getValuesOrEmpty(name));
    }

    private Fields fields() {
        if (query == null) {
            try {
                query = Request.extractQueryParameters(request);
            } catch (RuntimeException e) {
                throw HttpException.badRequest(
                        "http.bad-query",
                        "The query is malformed: " + request.getHttpURI().getQuery(),
                        "");
            }
        }
        return query;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public String parameter(String name) {
        throw new IllegalArgumentException("the route's pattern has no place named " + name);
    }

    @Override
    public OptionalLong contentLength() {
        long length = request.getLength();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    @Override
    public InputStream body() {
        if (request.getLength() > maxBody.bytes()) {
            throw tooLarge();
        }
        return new LimitedInputStream(unlimitedBody(), maxBody.bytes(), this::tooLarge);
    }

    @Override
    public InputStream unlimitedBody() {
        return Request.asInputStream(request);
    }

    private HttpException tooLarge() {
        // What was not read would have to be skipped before the connection could be used again.
        respondHeader("Connection", "close");
        return new HttpException(
                "http.body-too-large",
                ErrorKind.INVALID,
                413,
                "The request's body is larger than the " + maxBody + " allowed here.",
                "Send less at a time.",
                null);
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public InetSocketAddress remote() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address
                : UNKNOWN_CLIENT;
    }

    @Override
    public boolean secure() {
        return request.isSecure();
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public Exchange addHeader(String name, String value) {
        response.getHeaders().add(name, value);
        return this;
    }

    @Override
    public Exchange respondHeader(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    @Override
    public void send(int status, String contentType, byte[] body) throws IOException {
        begin(status, contentType, OptionalLong.of(body.length));
        end(isHead() ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(body));
    }

    @Override
    public void send(int status) throws IOException {
        begin(status, "", OptionalLong.empty());
        end(BufferUtil.EMPTY_BUFFER);
    }

    @Override
    public void sendFile(int status, String contentType, Path file, long offset, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            begin(status, contentType, OptionalLong.of(length));
            if (!isHead()) {
                copy(channel, offset, length);
            }
            end(BufferUtil.EMPTY_BUFFER);
        }
    }

    private void copy(FileChannel channel, long offset, long length) throws IOException {
        RetainableByteBuffer.Mutable pooled =
                request.getComponents().getByteBufferPool().acquire(FILE_BUFFER, true);
        try {
            ByteBuffer buffer = pooled.getByteBuffer();
            long position = offset;
            long end = offset + length;
            while (position < end) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
                int read = channel.read(buffer, position);
                if (read < 0) {
                    throw new EOFException("the file became shorter while it was sent");
                }
                position += read;
                buffer.flip();
                write(false, buffer);
            }
        } finally {
            pooled.release();
        }
    }

    @Override
    public OutputStream stream(int status, String contentType, OptionalLong length) throws IOException {
        begin(status, contentType, length);
        if (isHead()) {
            end(BufferUtil.EMPTY_BUFFER);
            return OutputStream.nullOutputStream();
        }
        return new BufferedOutputStream(new BodyStream(this), STREAM_BUFFER);
    }

    @Override
    public EventStream events() throws IOException {
        respondHeader("Cache-Control", "no-cache");
        // Proxies such as nginx would else collect events before they pass them on.
        respondHeader("X-Accel-Buffering", "no");
        begin(200, "text/event-stream; charset=utf-8", OptionalLong.empty());
        write(false, BufferUtil.EMPTY_BUFFER);
        return new JettyEventStream(this);
    }

    private boolean isHead() {
        return "HEAD".equals(request.getMethod());
    }

    private void begin(int status, String contentType, OptionalLong length) {
        if (begun) {
            throw new IllegalStateException("the answer to " + requestId + " has begun already");
        }
        begun = true;
        response.setStatus(status);
        if (!contentType.isEmpty()) {
            respondHeader("Content-Type", contentType);
        }
        length.ifPresent(bytes -> response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes));
    }

    boolean begun() {
        return begun;
    }

    void write(boolean last, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        try {
            Content.Sink.write(response, last, bytes);
            sent += length;
        } catch (IOException e) {
            // There is nobody left to end the answer for, and closing the stream must not fail once more.
            ended = true;
            broken = true;
            throw e;
        }
    }

    void end(ByteBuffer lastBytes) throws IOException {
        if (!ended) {
            ended = true;
            write(true, lastBytes);
        }
    }

    /** Called when the handler has returned: an answer that it began and did not end is an error of the handler. */
    void finish() throws IOException {
        if (broken) {
            throw new EOFException("the client left before the answer ended");
        }
        if (!begun) {
            throw new IllegalStateException("the handler returned without an answer to " + requestId);
        }
        if (!ended) {
            throw new IllegalStateException("the handler did not finish its answer to " + requestId);
        }
    }
}
