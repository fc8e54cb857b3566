package dev.slipway.oci.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP answer whose body is still coming. */
final class UnixAnswer implements AutoCloseable {
    private static final int MAX_LINE = 16 << 10;
    private static final int MAX_FIELDS = 200;
    private static final Pattern STATUS = Pattern.compile("HTTP/1[.][01] ([0-9]{3})(?: .*)?");

    private final int status;
    private final InputStream body;
    private final SilenceWatch watch;

    private UnixAnswer(int status, InputStream body, SilenceWatch watch) {
        this.status = status;
        this.body = body;
        this.watch = watch;
    }

    /** Reads the head of an answer; the body follows from the same stream. */
    static UnixAnswer read(InputStream in, SilenceWatch watch, UnixHttp http) throws IOException {
        while (true) {
            Matcher line = STATUS.matcher(line(in, http));
            if (!line.matches()) {
                throw http.malformed("what answers there does not speak HTTP");
            }
            int status = Integer.parseInt(line.group(1));
            Map<String, String> fields = fields(in, http);
            if (status >= 200) {
                return new UnixAnswer(status, body(in, status, fields, http), watch);
            }
        }
    }

    private static InputStream body(InputStream in, int status, Map<String, String> fields, UnixHttp http) {
        if (status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return new ChunkedStream(in, http);
        }
        String length = fields.get("content-length");
        if (length == null) {
            return in;
        }
        try {
            return new SizedStream(in, Long.parseLong(length));
        } catch (NumberFormatException _) {
            throw http.malformed("its answer has a malformed length");
        }
    }

    private static Map<String, String> fields(InputStream in, UnixHttp http) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(in, http); !line.isEmpty(); line = line(in, http)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || fields.size() == MAX_FIELDS) {
                throw http.malformed("its answer has a malformed head");
            }
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return fields;
    }

    /** A line without its end. */
    static String line(InputStream in, UnixHttp http) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int letter = in.read(); letter != '\n'; letter = in.read()) {
            if (letter < 0 || line.size() == MAX_LINE) {
                throw http.malformed(letter < 0 ? "its answer is cut off" : "a line of its answer is too long");
            }
            line.write(letter);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    int status() {
        return status;
    }

    InputStream body() {
        return body;
    }

    @Override
    public void close() {
        watch.close();
    }
}
