package dev.slipway.registry.access;

import dev.slipway.http.Exchange;
import dev.slipway.registry.RegistryException;
import java.io.IOException;
import java.util.Set;

/** Decides for each request whether it may be answered. */
public interface Access {
    /**
     * Lets a request pass that wants to do something in a repository.
     *
     * @throws RegistryException 401 or 403 when it may not
     */
    void require(Exchange exchange, Set<Action> actions, String repository);

    /** Lets a request pass that only asks whether there is a registry and whether it knows the caller. */
    void requireKnown(Exchange exchange);

    /** Whether a caller may do something, without a word about why not. */
    boolean allows(Exchange exchange, Action action, String repository);

    /** Whether what one repository holds is to be kept from those who may read only others. */
    boolean isolates();

    /** Answers a request for a token, where tokens are issued; says whether it did. */
    boolean answerToken(Exchange exchange) throws IOException;

    /** Everybody may pull; who comes from this machine may do everything. */
    static Access local() {
        return new OpenAccess(false);
    }

    /** Everybody may do everything. */
    static Access open() {
        return new OpenAccess(true);
    }
}
