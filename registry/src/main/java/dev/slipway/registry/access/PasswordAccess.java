package dev.slipway.registry.access;

import dev.slipway.http.Exchange;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.registry.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Access for users with passwords, by rules. Passwords may be sent with each request (basic), or once to the token service
 * at {@value #TOKEN_PATH}, as docker, podman and skopeo do by themselves.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">the token flow</a>
 */
public final class PasswordAccess implements Access {
    /** Where tokens are issued; no repository can be called that. */
    public static final String TOKEN_PATH = "/v2/_token";

    private static final String SERVICE = "slipway";

    private final Htpasswd passwords;
    private final AccessRules rules;
    private final Tokens tokens;

    public PasswordAccess(Htpasswd passwords, AccessRules rules, Tokens tokens) {
        this.passwords = passwords;
        this.rules = rules;
        this.tokens = tokens;
    }

    @Override
    public void require(Exchange exchange, Set<Action> actions, String repository) {
        Caller caller = caller(exchange, Optional.of(new Scope(repository, actions)));
        if (actions.stream().allMatch(action -> caller.may(action, repository))) {
            return;
        }
        if (caller instanceof Named) {
            throw RegistryException.denied("This user may not do that in repository " + repository + ".");
        }
        String error = caller instanceof Holder ? ",error=\"insufficient_scope\"" : "";
        throw unauthorized(exchange, Optional.of(new Scope(repository, actions)), error);
    }

    @Override
    public void requireKnown(Exchange exchange) {
        if (caller(exchange, Optional.empty()) instanceof Nobody) {
            throw unauthorized(exchange, Optional.empty(), "");
        }
    }

    @Override
    public boolean allows(Exchange exchange, Action action, String repository) {
        return caller(exchange, Optional.empty()).may(action, repository);
    }

    @Override
    public boolean isolates() {
        return true;
    }

    /** Who asks. */
    private sealed interface Caller {
        boolean may(Action action, String repository);
    }

    private record Nobody(AccessRules rules) implements Caller {
        @Override
        public boolean may(Action action, String repository) {
            return rules.allow(Optional.empty(), action, repository);
        }
    }

    private record Named(AccessRules rules, String user) implements Caller {
        @Override
        public boolean may(Action action, String repository) {
            return rules.allow(Optional.of(user), action, repository);
        }
    }

    /** A token opens what it was issued for, as long as the rules still say so. */
    private record Holder(AccessRules rules, Tokens.Grant grant) implements Caller {
        @Override
        public boolean may(Action action, String repository) {
            return grant.allows(action, repository) && rules.allow(grant.user(), action, repository);
        }
    }

    private Caller caller(Exchange exchange, Optional<Scope> scope) {
        return switch (Credentials.of(exchange)) {
            case Credentials.None _ -> new Nobody(rules);
            case Credentials.Basic(String user, String password) -> {
                if (!passwords.accepts(user, password)) {
                    throw unauthorized(exchange, scope, "");
                }
                yield new Named(rules, user);
            }
            case Credentials.Bearer(String token) ->
                new Holder(
                        rules,
                        tokens.check(token)
                                .orElseThrow(() -> unauthorized(exchange, scope, ",error=\"invalid_token\"")));
            case Credentials.Unknown _ -> throw unauthorized(exchange, scope, "");
        };
    }

    private static RegistryException unauthorized(Exchange exchange, Optional<Scope> scope, String error) {
        String host = exchange.header("Host")
                .filter(text -> text.matches("[A-Za-z0-9.:\\[\\]_-]{1,255}"))
                .orElse("localhost");
        String realm = (exchange.secure() ? "https://" : "http://") + host + TOKEN_PATH;
        return RegistryException.unauthorized(
                "This needs a login.",
                "Bearer realm=\"" + realm + "\",service=\"" + SERVICE + "\""
                        + scope.map(wanted -> ",scope=\"" + wanted + "\"").orElse("") + error);
    }

    @Override
    public boolean answerToken(Exchange exchange) throws IOException {
        if (!exchange.path().equals(TOKEN_PATH)) {
            return false;
        }
        if (!exchange.method().equals("GET")) {
            // Clients that try OAuth2 first fall back to GET on this.
            throw RegistryException.unknown("UNSUPPORTED", "Tokens are issued by GET.");
        }
        Optional<String> user = switch (Credentials.of(exchange)) {
            case Credentials.None _ -> Optional.empty();
            case Credentials.Basic(String name, String password)
            when passwords.accepts(name, password) -> Optional.of(name);
            default ->
                throw RegistryException.unauthorized(
                        "The user or the password is wrong.", "Basic realm=\"" + SERVICE + "\"");
        };
        String token = tokens.issue(new Tokens.Grant(user, granted(user, Scope.parse(exchange.queries("scope")))));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", token);
        answer.put("access_token", token);
        answer.put("expires_in", Tokens.LIFETIME.toSeconds());
        answer.put("issued_at", tokens.now().toString());
        exchange.respondHeader("Cache-Control", "no-store");
        exchange.send(200, "application/json", JsonObject.write(answer));
        return true;
    }

    private List<Scope> granted(Optional<String> user, List<Scope> wanted) {
        List<Scope> granted = new ArrayList<>();
        for (Scope scope : wanted) {
            Set<Action> actions = scope.actions().stream()
                    .filter(action -> rules.allow(user, action, scope.repository()))
                    .collect(Collectors.toSet());
            if (!actions.isEmpty()) {
                granted.add(new Scope(scope.repository(), actions));
            }
        }
        return granted;
    }
}
