package dev.slipway.oci.faults;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came.
 *
 * @param target path and query, undecoded
 * @param headers by lower-case name
 * @param body as far as it came
 * @param complete whether all of the body came
 */
public record RawRequest(String method, String target, Map<String, String> headers, byte[] body, boolean complete) {
    private static final int MAX_LINE = 1 << 16;

    /** Reads one request, at most {@code bodyLimit} bytes of its body; null when the peer is gone. */
    static @Nullable RawRequest read(InputStream in, BodyLimit bodyLimit) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        RawRequest head = new RawRequest(parts[0], parts[1], headers, new byte[0], true);
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            return head.withBody(chunks(in), true);
        }
        long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
        long wanted = Math.min(length, bodyLimit.of(head));
        byte[] body = in.readNBytes(Math.toIntExact(wanted));
        return head.withBody(body, body.length == length);
    }

    /** How much of a request's body is read before the server cuts the connection. */
    public interface BodyLimit {
        long of(RawRequest head);
    }

    private RawRequest withBody(byte[] newBody, boolean newComplete) {
        return new RawRequest(method, target, headers, newBody, newComplete);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException();
            }
            int length = Integer.parseInt(size, 16);
            body.write(in.readNBytes(length));
            line(in);
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > MAX_LINE) {
                return null;
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** The path without the query. */
    public String path() {
        return target.replaceFirst("\\?.*", "");
    }

    /** A parameter of the query, decoded. */
    public Optional<String> parameter(String name) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return Optional.empty();
        }
        for (String pair : target.substring(mark + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    /** A header's value; empty when it is absent. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    public boolean isBlob() {
        return path().contains("/blobs/sha") && (method.equals("GET") || method.equals("HEAD"));
    }

    public boolean isManifest() {
        return path().contains("/manifests/");
    }
}
