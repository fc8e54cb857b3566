package dev.slipway.fetch;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to ask for. {@code GET} and {@code HEAD} only, so far.
 *
 * @param headers sent as they are; {@code Authorization} goes to the address's own origin only
 */
public record FetchRequest(String method, URI uri, Map<String, String> headers) {
    public FetchRequest {
        headers = Map.copyOf(headers);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new IllegalArgumentException("method " + method);
        }
        if (!Addresses.isHttp(uri)) {
            throw FetchException.refused("fetch.unsupported-address", uri, "only http and https are fetched");
        }
    }

    public static FetchRequest get(URI uri) {
        return new FetchRequest("GET", uri, Map.of());
    }

    public static FetchRequest head(URI uri) {
        return new FetchRequest("HEAD", uri, Map.of());
    }

    public FetchRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new FetchRequest(method, uri, more);
    }

    /** Asks for the rest of a body, from {@code offset} on; the whole one when that is 0. */
    public FetchRequest from(long offset) {
        return offset == 0 ? this : withHeader("Range", "bytes=" + offset + "-");
    }
}
