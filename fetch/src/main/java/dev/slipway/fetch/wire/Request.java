package dev.slipway.fetch.wire;

import dev.slipway.fetch.FetchBody;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * A request as it goes over the line.
 *
 * @param target the path with its query, or the whole address for a proxy that forwards
 * @param authority the value of {@code Host}
 * @param answer longest wait for the head of the answer
 * @param stall longest silence while the body goes out
 */
public record Request(
        String method,
        String target,
        String authority,
        Map<String, String> headers,
        FetchBody body,
        Duration answer,
        Duration stall) {
    private static final int SMALL = 1 << 14;
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE");
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "DELETE", "PUT");

    String head() {
        StringBuilder head = new StringBuilder(512);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(authority).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length() == FetchBody.UNKNOWN) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body.length() > 0 || !WITHOUT_BODY.contains(method)) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** Whether it fits into any socket's buffer, so that writing it never waits for long. */
    boolean small() {
        return body.length() >= 0 && body.length() <= SMALL;
    }

    /** Whether sending it twice does what sending it once does. */
    boolean idempotent() {
        return IDEMPOTENT.contains(method);
    }
}
