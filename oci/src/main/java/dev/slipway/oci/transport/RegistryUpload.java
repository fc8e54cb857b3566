package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.fetch.FetchBody;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The upload of one blob: in one request when all goes well, else going on from what the registry says it has.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs">OCI
 *     distribution-spec, pushing blobs</a>
 */
final class RegistryUpload {
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final RegistryEndpoint endpoint;
    private final Descriptor blob;
    private final BlobSource source;
    private final LongConsumer arrived;
    private final Cancellation cancellation;
    private @Nullable URI location;
    private boolean interrupted;
    private long offset;

    RegistryUpload(
            RegistryEndpoint endpoint,
            Descriptor blob,
            BlobSource source,
            LongConsumer arrived,
            Cancellation cancellation) {
        this.endpoint = endpoint;
        this.blob = blob;
        this.source = source;
        this.arrived = arrived;
        this.cancellation = cancellation;
    }

    /** How many bytes the registry is known to have. */
    long offset() {
        return offset;
    }

    /** Sends what is missing. When it fails, another call goes on from there. */
    void send() {
        URI target = location;
        if (target != null && interrupted) {
            target = resumed(target);
        }
        if (target == null) {
            target = begun();
            location = target;
        }
        interrupted = true;
        if (offset > 0) {
            target = patched(target);
            location = target;
        }
        finish(target);
    }

    private URI begun() {
        FetchRequest request = FetchRequest.post(endpoint.uploads("", cancellation), FetchBody.NONE);
        try (FetchResponse response = endpoint.write(request, cancellation)) {
            requireStatus(response, 202);
            offset = 0;
            interrupted = false;
            return location(response);
        }
    }

    private @Nullable URI resumed(URI target) {
        try (FetchResponse response = endpoint.write(FetchRequest.get(target), cancellation)) {
            Matcher range = RANGE.matcher(response.header("Range").orElse(""));
            if ((response.status() != 204 && response.status() != 202) || !range.matches()) {
                // The registry has forgotten it, or does not say: from the start, then.
                location = null;
                return null;
            }
            // "0-0" is what registries say of nothing, too: one byte more or less to send does not matter.
            long last = Long.parseLong(range.group(1));
            offset = last == 0 ? 0 : last + 1;
            if (offset > blob.size() || last == 0) {
                location = null;
                return null;
            }
            return response.header("Location").isPresent() ? location(response) : target;
        }
    }

    private URI patched(URI target) {
        if (offset == blob.size()) {
            return target;
        }
        FetchRequest request = FetchRequest.patch(target, body())
                .withHeader("Content-Type", "application/octet-stream")
                .withHeader("Content-Range", offset + "-" + (blob.size() - 1));
        try (FetchResponse response = endpoint.write(request, cancellation)) {
            requireStatus(response, 202);
            offset = blob.size();
            return location(response);
        }
    }

    private void finish(URI target) {
        String digest = "digest=" + encoded(blob.digest().toString());
        String text = target.toString();
        URI address = URI.create(text + (text.contains("?") ? "&" : "?") + digest);
        FetchRequest request = FetchRequest.put(address, body()).withHeader("Content-Type", "application/octet-stream");
        try (FetchResponse response = endpoint.write(request, cancellation)) {
            if (response.status() != 204) {
                requireStatus(response, 201);
            }
            offset = blob.size();
            arrived.accept(offset);
        }
    }

    private FetchBody body() {
        long begin = offset;
        return new FetchBody(
                blob.size() - begin, () -> new ReportingStream(source.open(blob, begin, cancellation), begin, arrived));
    }

    private URI location(FetchResponse response) {
        String text = response.header("Location").orElse("");
        try {
            URI found = response.uri().resolve(text);
            boolean downgraded = "https".equalsIgnoreCase(response.uri().getScheme())
                    && "http".equalsIgnoreCase(found.getScheme())
                    && response.uri().getAuthority().equalsIgnoreCase(found.getAuthority());
            if (!text.isEmpty() && found.getHost() != null) {
                // Registries behind a proxy that ends TLS often do not know that they are.
                return downgraded ? URI.create("https" + found.toString().substring(4)) : found;
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw OciException.corrupt(
                "oci.bad-upload",
                "Sending " + blob.digest() + " to " + endpoint + " failed: it does not say where to send it.");
    }

    private void requireStatus(FetchResponse response, int expected) {
        if (response.status() != expected) {
            throw endpoint.failure(response);
        }
    }

    /** Tells the registry to forget the upload, so that it need not wait for its end. */
    void abandon() {
        URI target = location;
        if (target == null || cancellation.isCancelled()) {
            return;
        }
        try {
            endpoint.write(FetchRequest.delete(target), cancellation).close();
        } catch (CodedException _) {
            // It forgets by itself, in time.
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Reports how far a blob was read. */
    private static final class ReportingStream extends FilterInputStream {
        private final LongConsumer arrived;
        private long position;

        ReportingStream(InputStream in, long position, LongConsumer arrived) {
            super(in);
            this.position = position;
            this.arrived = arrived;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            if (read >= 0) {
                arrived.accept(++position);
            }
            return read;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            if (read > 0) {
                position += read;
                arrived.accept(position);
            }
            return read;
        }
    }
}
