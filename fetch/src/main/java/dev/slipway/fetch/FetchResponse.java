package dev.slipway.fetch;

import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.fetch.wire.ResponseHead;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer whose body is still arriving; closing it ends that. */
public final class FetchResponse implements AutoCloseable {
    private static final int MAX_DETAIL = 512;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/(?:[0-9]{1,18}|\\*)");

    private final FetchException.Subject subject;
    private final ResponseHead head;
    private final ResponseBody body;
    private final Map<String, String> sent;

    FetchResponse(FetchException.Subject subject, ResponseHead head, ResponseBody body, Map<String, String> sent) {
        this.subject = subject;
        this.head = head;
        this.body = body;
        this.sent = sent;
    }

    /** Where the answer came from, after redirects. */
    public URI uri() {
        return subject.uri();
    }

    public int status() {
        return head.status();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    public List<String> headers(String name) {
        return List.copyOf(head.headers().getOrDefault(name, List.of()));
    }

    /** The body's length as announced. */
    public OptionalLong contentLength() {
        return header("Content-Length")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElseGet(OptionalLong::empty);
    }

    /** Where in the whole this body begins: the start of a range that was granted, else 0. */
    public long offset() {
        if (head.status() != 206) {
            return 0;
        }
        Matcher range = CONTENT_RANGE.matcher(header("Content-Range").orElse(""));
        if (!range.matches()) {
            throw FetchException.refused("fetch.bad-range", subject, "the answer is a part without saying which");
        }
        return Long.parseLong(range.group(1));
    }

    /**
     * The body. Reading fails with a {@link FetchException} when the connection breaks or falls silent, and with
     * {@code base.cancelled} after a cancel.
     */
    public InputStream body() {
        return body;
    }

    /** Reads the whole body, or fails with {@code fetch.too-large}. */
    public byte[] readAll(ByteSize limit) {
        try {
            byte[] bytes = body.readNBytes(Math.toIntExact(limit.bytes() + 1));
            if (bytes.length > limit.bytes()) {
                throw FetchException.refused("fetch.too-large", subject, "the answer is longer than " + limit);
            }
            return bytes;
        } catch (IOException e) {
            throw FetchException.unreachable(subject, "the connection broke (" + e.getMessage() + ")", e);
        }
    }

    /** The error for an answer that was not hoped for, with the beginning of what the server said. */
    public FetchException failure() {
        String detail;
        try {
            detail = new String(body.readNBytes(MAX_DETAIL), StandardCharsets.UTF_8);
        } catch (IOException | CodedException _) {
            detail = "";
        }
        return FetchException.status(
                subject,
                head.status(),
                retryAfter(),
                withoutSecrets(detail.replaceAll("[\\p{Cntrl}\\s]+", " ").strip()));
    }

    /** Some servers answer with what they were sent. */
    private String withoutSecrets(String detail) {
        String clean = detail;
        for (Map.Entry<String, String> header : sent.entrySet()) {
            if (header.getKey().equalsIgnoreCase("Authorization")) {
                String secret = header.getValue().replaceFirst("^\\S+\\s+", "");
                clean = secret.isEmpty() ? clean : clean.replace(secret, "…");
            }
        }
        return clean;
    }

    private Optional<Duration> retryAfter() {
        return header("Retry-After").flatMap(text -> {
            if (text.matches("[0-9]{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(Instant.now(), until);
                return Optional.of(left.isNegative() ? Duration.ZERO : left);
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void close() {
        body.close();
    }
}
