package dev.slipway.fetch;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What to ask for.
 *
 * @param headers sent as they are; {@code Authorization} goes to the address's own origin only
 * @param body {@link FetchBody#NONE} for none
 */
public record FetchRequest(String method, URI uri, Map<String, String> headers, FetchBody body) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    public FetchRequest {
        headers = Map.copyOf(headers);
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("method " + method);
        }
        if (!Addresses.isHttp(uri)) {
            throw FetchException.refused("fetch.unsupported-address", uri, "only http and https are fetched");
        }
        headers.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                // The value may be a secret.
                throw FetchException.refused("fetch.bad-header", uri, "the header '" + name + "' is malformed");
            }
        });
    }

    public static FetchRequest get(URI uri) {
        return new FetchRequest("GET", uri, Map.of(), FetchBody.NONE);
    }

    public static FetchRequest head(URI uri) {
        return new FetchRequest("HEAD", uri, Map.of(), FetchBody.NONE);
    }

    public static FetchRequest delete(URI uri) {
        return new FetchRequest("DELETE", uri, Map.of(), FetchBody.NONE);
    }

    public static FetchRequest post(URI uri, FetchBody body) {
        return new FetchRequest("POST", uri, Map.of(), body);
    }

    public static FetchRequest put(URI uri, FetchBody body) {
        return new FetchRequest("PUT", uri, Map.of(), body);
    }

    public static FetchRequest patch(URI uri, FetchBody body) {
        return new FetchRequest("PATCH", uri, Map.of(), body);
    }

    public FetchRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new FetchRequest(method, uri, more, body);
    }

    /** Asks for the rest of a body, from {@code offset} on; the whole one when that is 0. */
    public FetchRequest from(long offset) {
        return offset == 0 ? this : withHeader("Range", "bytes=" + offset + "-");
    }

    /** Asks for a part of a body. */
    public FetchRequest range(long offset, long length) {
        return withHeader("Range", "bytes=" + offset + "-" + (offset + length - 1));
    }

    /** Leaves headers out, which may be secret. */
    @Override
    public String toString() {
        return method + " " + Addresses.bare(uri);
    }
}
