package dev.slipway.registry.access;

import dev.slipway.http.Exchange;
import dev.slipway.registry.RegistryException;
import java.net.InetAddress;
import java.util.Set;

/** Access without names: by where a request comes from, at most. */
record OpenAccess(boolean everybodyWrites) implements Access {
    @Override
    public void require(Exchange exchange, Set<Action> actions, String repository) {
        if (!actions.stream().allMatch(action -> allows(exchange, action, repository))) {
            throw RegistryException.denied("Only programs on the registry's own machine may change it.");
        }
    }

    @Override
    public void requireKnown(Exchange exchange) {}

    @Override
    public boolean allows(Exchange exchange, Action action, String repository) {
        return everybodyWrites || action == Action.PULL || isLoopback(exchange);
    }

    private static boolean isLoopback(Exchange exchange) {
        InetAddress address = exchange.remote().getAddress();
        return address != null && address.isLoopbackAddress();
    }

    @Override
    public boolean isolates() {
        return false;
    }

    @Override
    public boolean answerToken(Exchange exchange) {
        return false;
    }
}
