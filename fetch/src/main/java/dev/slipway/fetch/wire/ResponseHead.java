package dev.slipway.fetch.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The status and the headers of an answer.
 *
 * @param headers by name in any case, each with its values in order
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
 */
public record ResponseHead(boolean persistent, int status, Map<String, List<String>> headers) {
    private static final int MAX_LINE = 1 << 16;
    private static final int MAX_LENGTH = 1 << 18;
    private static final int MAX_INTERIM = 16;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Reads the head of the next final answer, leaving out interim ones. */
    static ResponseHead read(Connection connection) throws IOException {
        for (int i = 0; i < MAX_INTERIM; i++) {
            ResponseHead head = readOne(connection);
            if (head.status >= 200) {
                return head;
            }
            if (head.status == 101) {
                throw new IOException("the server changed to another protocol unasked");
            }
        }
        throw new IOException("the server sent only interim answers");
    }

    private static ResponseHead readOne(Connection connection) throws IOException {
        Matcher status = STATUS.matcher(connection.line(MAX_LINE));
        if (!status.matches()) {
            throw new IOException("what answered does not speak HTTP/1.1");
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int left = MAX_LENGTH;
        for (String line = connection.line(MAX_LINE); !line.isEmpty(); line = connection.line(MAX_LINE)) {
            left -= line.length();
            int colon = line.indexOf(':');
            if (colon < 0 || left < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
                throw new IOException(left < 0 ? "the answer's headers are too long" : "a header is malformed");
            }
            headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        ResponseHead head = new ResponseHead(true, Integer.parseInt(status.group(2)), headers);
        boolean keep = status.group(1).equals("1") ? !head.says("Connection", "close") : false;
        return new ResponseHead(keep, head.status, headers);
    }

    private boolean says(String name, String token) {
        return headers.getOrDefault(name, List.of()).stream()
                .flatMap(value -> List.of(value.toLowerCase(Locale.ROOT).split(",")).stream())
                .anyMatch(value -> value.strip().equals(token));
    }

    boolean chunked() throws IOException {
        if (!headers.containsKey("Transfer-Encoding")) {
            return false;
        }
        List<String> codings = headers.getOrDefault("Transfer-Encoding", List.of());
        if (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new IOException("the answer has an unknown transfer coding");
        }
        return true;
    }

    /** The body's length as announced, or -1. */
    long length() throws IOException {
        List<String> values = headers.getOrDefault("Content-Length", List.of());
        if (values.isEmpty()) {
            return -1;
        }
        String first = values.getFirst();
        if (!first.matches("[0-9]{1,18}") || values.stream().anyMatch(value -> !value.equals(first))) {
            throw new IOException("the answer's length is malformed");
        }
        return Long.parseLong(first);
    }
}
