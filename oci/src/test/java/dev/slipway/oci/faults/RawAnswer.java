package dev.slipway.oci.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The right answer to a request, and its sending with a fault. */
record RawAnswer(int status, Map<String, String> headers, byte[] body) {
    private static final int PIECE = 1 << 14;

    static RawAnswer of(int status) {
        return new RawAnswer(status, Map.of(), new byte[0]);
    }

    static RawAnswer text(int status, String body) {
        return new RawAnswer(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    RawAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new RawAnswer(status, more, body);
    }

    /**
     * Sends the answer as the fault says.
     *
     * @param count hears each piece of the body that went out
     * @return whether the connection can go on
     */
    boolean send(OutputStream out, Fault fault, boolean head, AtomicLong count)
            throws IOException, InterruptedException {
        return switch (fault) {
            case Fault.None _, Fault.IgnoresRange _ -> whole(out, head, count);
            case Fault.Hangup _ -> false;
            case Fault.Headers more -> {
                RawAnswer answer = this;
                for (Map.Entry<String, String> header : more.headers()) {
                    answer = answer.with(header.getKey(), header.getValue());
                }
                yield answer.whole(out, head, count);
            }
            case Fault.Status other ->
                new RawAnswer(other.status(), other.headers(), other.body().getBytes(StandardCharsets.UTF_8))
                        .whole(out, head, new AtomicLong());
            case Fault.Redirect elsewhere ->
                of(elsewhere.status()).with("Location", elsewhere.location()).whole(out, head, count);
            case Fault.WrongBytes _ -> {
                byte[] wrong = body.clone();
                wrong[wrong.length - 1] ^= 1;
                yield new RawAnswer(status, headers, wrong).whole(out, head, count);
            }
            case Fault.WrongLength(long difference) ->
                new RawAnswer(status, headers, Arrays.copyOf(body, (int) (body.length + difference)))
                        .whole(out, head, count);
            case Fault.Cut(long after) -> {
                writeHead(out, "Content-Length: " + body.length);
                write(out, 0, (int) Math.min(after, body.length), count);
                yield after >= body.length;
            }
            case Fault.Pause pause -> {
                writeHead(out, "Content-Length: " + body.length);
                int before = (int) Math.min(pause.afterBytes(), body.length);
                write(out, 0, before, count);
                out.flush();
                if (before < body.length) {
                    pause.release().await(60, TimeUnit.SECONDS);
                }
                write(out, before, body.length, count);
                yield true;
            }
            case Fault.Slow slow -> {
                writeHead(out, "Content-Length: " + body.length);
                for (int at = 0; at < body.length; at += slow.piece()) {
                    write(out, at, Math.min(body.length, at + slow.piece()), count);
                    out.flush();
                    LockSupport.parkNanos(slow.pause().toNanos());
                }
                yield true;
            }
            case Fault.Chunked _ -> {
                writeHead(out, "Transfer-Encoding: chunked");
                for (int at = 0; at < body.length; at += PIECE) {
                    int end = Math.min(body.length, at + PIECE);
                    out.write((Integer.toHexString(end - at) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    write(out, at, end, count);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                yield true;
            }
        };
    }

    private boolean whole(OutputStream out, boolean head, AtomicLong count) throws IOException {
        writeHead(out, "Content-Length: " + body.length);
        if (!head) {
            write(out, 0, body.length, count);
        }
        return true;
    }

    private void writeHead(OutputStream out, String framing) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Told\r\n" + framing + "\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(OutputStream out, int from, int to, AtomicLong count) throws IOException {
        for (int at = from; at < to; at += PIECE) {
            int length = Math.min(PIECE, to - at);
            out.write(body, at, length);
            count.addAndGet(length);
        }
    }
}
