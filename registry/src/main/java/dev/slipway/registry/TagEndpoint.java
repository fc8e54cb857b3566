package dev.slipway.registry;

import dev.slipway.http.Exchange;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists of tags, in pages. */
final class TagEndpoint {
    private static final int MAX_PAGE = 10_000;

    private TagEndpoint() {}

    static void list(Exchange exchange, Repository repository) throws IOException {
        List<String> all = repository
                .tags()
                .orElseThrow(() ->
                        RegistryException.unknown("NAME_UNKNOWN", "There is no repository " + repository.name() + "."));
        int limit = exchange.query("n").map(TagEndpoint::pageSize).orElse(MAX_PAGE);
        Optional<String> last = exchange.query("last");
        List<String> rest = last.map(after ->
                        all.stream().filter(tag -> tag.compareTo(after) > 0).toList())
                .orElse(all);
        List<String> page = rest.subList(0, Math.min(limit, rest.size()));
        if (page.size() < rest.size() && !page.isEmpty()) {
            String more = Site.namespace(exchange).map(host -> "&ns=" + host).orElse("");
            exchange.respondHeader(
                    "Link",
                    "</v2/" + repository.name() + "/tags/list?n=" + limit + "&last=" + page.getLast() + more
                            + ">; rel=\"next\"");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", repository.name());
        body.put("tags", page);
        exchange.send(200, "application/json", JsonObject.write(body));
    }

    private static int pageSize(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw RegistryException.badRequest("UNSUPPORTED", "n must be a number, 0 or more.");
        }
        return Math.min(Integer.parseInt(text), MAX_PAGE);
    }
}
