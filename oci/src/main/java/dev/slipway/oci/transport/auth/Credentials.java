package dev.slipway.oci.transport.auth;

import dev.slipway.base.Cancellation;

/** Knows what to show to which registry. */
@FunctionalInterface
public interface Credentials {
    /** Shows nothing to anybody. */
    Credentials NONE = (_, _, _) -> Credential.anonymous();

    /**
     * What to show for a repository.
     *
     * @param host as in references, such as {@code docker.io} or {@code localhost:5000}
     * @param repository credentials may differ between a host's repositories
     */
    Credential of(String host, String repository, Cancellation cancellation);

    /** Shows a credential to one host, and asks {@code others} about the rest. */
    static Credentials only(String host, Credential credential, Credentials others) {
        return (asked, repository, cancellation) ->
                asked.equals(host) ? credential : others.of(asked, repository, cancellation);
    }
}
