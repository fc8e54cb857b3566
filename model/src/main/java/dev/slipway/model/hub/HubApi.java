package dev.slipway.model.hub;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two questions that are asked of the Hub: what a revision holds, and the bytes of a file.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API endpoints</a>
 */
final class HubApi {
    private static final ByteSize LONGEST_ANSWER = ByteSize.ofMebibytes(32);
    private static final int MOST_FILES = 100_000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** Names that can be files below a folder on every system; others are passed over. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,200}){0,3}");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Fetcher fetcher;
    private final HubSettings settings;
    private final Cancellation cancellation;

    HubApi(Fetcher fetcher, HubSettings settings, Cancellation cancellation) {
        this.fetcher = fetcher;
        this.settings = settings;
        this.cancellation = cancellation;
    }

    /**
     * A revision.
     *
     * @param commit what the revision stands for now
     */
    record Revision(String commit, List<HubFile> files) {
        boolean has(String name) {
            return files.stream().anyMatch(file -> file.name().equals(name));
        }
    }

    /** Asks which commit a revision is and which files it holds. */
    Revision revision(HubModel model) {
        URI uri = URI.create(settings.endpoint() + "/api/models/" + model.id() + "/revision/"
                + encoded(model.revision()) + "?blobs=true");
        byte[] answer = Fetcher.retry(Retry.DEFAULT, cancellation, () -> {
            try (FetchResponse response = fetcher.send(authorized(FetchRequest.get(uri)), cancellation)) {
                if (response.status() != 200) {
                    throw HubErrors.answer(model, settings, response);
                }
                return response.readAll(LONGEST_ANSWER);
            }
        });
        try {
            return parse(model, JSON.readTree(answer));
        } catch (JacksonException e) {
            throw HubErrors.malformed(model, settings, "it is no JSON");
        }
    }

    private Revision parse(HubModel model, JsonNode answer) {
        String commit = answer.path("sha").asString("");
        JsonNode siblings = answer.path("siblings");
        if (!COMMIT.matcher(commit).matches() || !siblings.isArray() || siblings.size() > MOST_FILES) {
            throw HubErrors.malformed(model, settings, "it names no commit, or no files");
        }
        List<HubFile> files = new ArrayList<>();
        for (JsonNode sibling : siblings) {
            String name = sibling.path("rfilename").asString("");
            String sha256 = sibling.path("lfs").path("sha256").asString("");
            String hash = sha256.isEmpty() ? sibling.path("blobId").asString("") : sha256;
            long size = sibling.path("size").asLong(-1);
            if (NAME.matcher(name).matches()) {
                if (size < 0
                        || !(COMMIT.matcher(hash).matches()
                                || SHA256.matcher(hash).matches())) {
                    throw HubErrors.malformed(model, settings, "it tells no size and hash of the file " + name);
                }
                files.add(new HubFile(name, size, hash));
            }
        }
        return new Revision(commit, files);
    }

    /** Asks for a file's bytes from an offset on; to be closed. */
    FetchResponse open(HubModel model, String commit, HubFile file, long offset) {
        URI uri = URI.create(settings.endpoint() + "/" + model.id() + "/resolve/" + commit + "/" + file.name());
        FetchResponse response = fetcher.send(authorized(FetchRequest.get(uri).from(offset)), cancellation);
        if (response.status() == 200 || response.status() == 206) {
            return response;
        }
        try (response) {
            throw HubErrors.answer(model, settings, response);
        }
    }

    /** The fetcher drops the header when a redirect leads to another host. */
    private FetchRequest authorized(FetchRequest request) {
        return settings.token().isEmpty() ? request : request.withHeader("Authorization", "Bearer " + settings.token());
    }

    private static String encoded(String revision) {
        return URLEncoder.encode(revision, StandardCharsets.UTF_8);
    }
}
