package dev.slipway.registry;

import dev.slipway.base.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks plain HTTP to a registry and knows nothing of Slipway's client. */
final class RawClient implements AutoCloseable {
    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final URI base;

    RawClient(URI base) {
        this.base = base;
    }

    /** Sends a request; headers are name, value, name, value… */
    Answer send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path + " failed: " + e, e);
        }
    }

    Answer send(String method, String path, String... headers) {
        return send(method, path, BodyPublishers.noBody(), headers);
    }

    Answer send(String method, String path, byte[] body, String... headers) {
        return send(method, path, BodyPublishers.ofByteArray(body), headers);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, headers);
    }

    Answer head(String path) {
        return send("HEAD", path);
    }

    /** Begins an upload and returns where it goes on. */
    String begin(String repository) {
        Answer answer = send("POST", "/v2/" + repository + "/blobs/uploads/");
        if (answer.status() != 202) {
            throw new AssertionError("beginning an upload was answered with " + answer.status());
        }
        return answer.header("Location");
    }

    /** Pushes a blob in the usual two requests. */
    void pushBlob(String repository, Digest digest, byte[] bytes) {
        Answer answer = send("PUT", with(begin(repository), "digest=" + digest), bytes);
        if (answer.status() != 201) {
            throw new AssertionError("pushing a blob was answered with " + answer.status() + answer.text());
        }
    }

    Answer pushManifest(String repository, String target, String mediaType, byte[] bytes) {
        return send("PUT", "/v2/" + repository + "/manifests/" + target, bytes, "Content-Type", mediaType);
    }

    /** Adds a parameter to an address that may have some already. */
    static String with(String location, String parameter) {
        return location + (location.contains("?") ? "&" : "?") + parameter;
    }

    static Digest digest(String algorithm, byte[] bytes) {
        return Digest.of(algorithm, Digest.hasher(algorithm).digest(bytes));
    }

    @Override
    public void close() {
        http.close();
    }

    /** What came back. */
    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        byte[] body() {
            return response.body();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
