package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.fetch.FetchRequest;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.transport.auth.Credentials;
import dev.slipway.oci.transport.auth.RegistrySession;
import java.net.URI;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One repository at one registry: its addresses, and the session in which it is spoken to. */
final class RegistryEndpoint {
    private final Fetcher fetcher;
    private final List<URI> candidates;
    private final String host;
    private final String repository;
    private final String query;
    private final Credentials credentials;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Open open;

    private record Open(URI base, RegistrySession session) {}

    /**
     * An endpoint that was not spoken to yet.
     *
     * @param candidates the registry's address below which {@code /v2/} begins; of several, the first that answers
     * @param host the name under which credentials are kept
     * @param query added to every address for reading; empty for none
     */
    RegistryEndpoint(
            Fetcher fetcher,
            List<URI> candidates,
            String host,
            String repository,
            String query,
            Credentials credentials) {
        this.fetcher = fetcher;
        this.candidates =
                candidates.stream().map(RegistryEndpoint::withoutSlash).toList();
        this.host = host;
        this.repository = repository;
        this.query = query;
        this.credentials = credentials;
    }

    private static URI withoutSlash(URI address) {
        return URI.create(address.toString().replaceFirst("/+$", ""));
    }

    String repository() {
        return repository;
    }

    /** The address, for messages. */
    @Override
    public String toString() {
        Open present = open;
        return (present == null ? candidates.getFirst() : present.base).toString();
    }

    /** Sends a request to read. */
    FetchResponse read(FetchRequest request, Cancellation cancellation) {
        return open(cancellation).session.send(request, List.of(scope("pull")), cancellation);
    }

    /** Sends a request to write. */
    FetchResponse write(FetchRequest request, Cancellation cancellation) {
        return open(cancellation).session.send(request, List.of(scope("pull,push")), cancellation);
    }

    /** Sends a request to write that needs to read another repository as well. */
    FetchResponse write(FetchRequest request, String otherRepository, Cancellation cancellation) {
        return open(cancellation)
                .session
                .send(request, List.of(scope("pull,push"), "repository:" + otherRepository + ":pull"), cancellation);
    }

    CodedException failure(FetchResponse response) {
        Open present = open;
        return present == null ? response.failure() : present.session.failure(response);
    }

    private String scope(String actions) {
        return "repository:" + repository + ":" + actions;
    }

    /** An address for reading, such as {@code …/v2/REPOSITORY/manifests/latest}. */
    URI address(String kind, String target, Cancellation cancellation) {
        return URI.create(open(cancellation).base + "/v2/" + repository + "/" + kind + "/" + target + query);
    }

    /** Where uploads begin, with parameters that are encoded already. */
    URI uploads(String parameters, Cancellation cancellation) {
        return URI.create(open(cancellation).base + "/v2/" + repository + "/blobs/uploads/" + parameters);
    }

    private Open open(Cancellation cancellation) {
        Open present = open;
        if (present != null) {
            return present;
        }
        lock.lock();
        try {
            present = open;
            if (present == null) {
                URI base = candidates.size() == 1 ? candidates.getFirst() : answering(cancellation);
                present = new Open(base, new RegistrySession(fetcher, base, host, repository, credentials));
                open = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    private URI answering(Cancellation cancellation) {
        for (URI candidate : candidates.subList(0, candidates.size() - 1)) {
            try (FetchResponse response =
                    fetcher.send(FetchRequest.get(URI.create(candidate + "/v2/")), cancellation)) {
                if (response.status() < 500) {
                    return candidate;
                }
            } catch (CodedException _) {
                cancellation.throwIfCancelled();
                // The next one may answer; when none does, the last one's failure is told.
            }
        }
        return candidates.getLast();
    }
}
