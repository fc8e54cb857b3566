package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.slipway.base.Digest;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.TlsFiles;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.registry.RawClient.Answer;
import dev.slipway.registry.access.AccessRules;
import dev.slipway.registry.access.Htpasswd;
import dev.slipway.registry.access.PasswordAccess;
import dev.slipway.registry.access.Tokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, tokens and rules, over raw HTTP and by skopeo over TLS. */
class AccessTest {
    private static final byte[] BLOB = {1, 2, 3};
    private static final Digest DIGEST = Digest.sha256(BLOB);
    private static final String UPLOADS = "/blobs/uploads/?digest=" + DIGEST;

    @TempDir
    Path folder;

    private EphemeralRegistry registry;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        registry = EphemeralRegistry.start(
                DiskContentStore.open(folder.resolve("content")),
                RegistryOptions.defaults().withAccess(access()));
        client = new RawClient(registry.address());
    }

    private PasswordAccess access() throws Exception {
        Path passwords = folder.resolve("htpasswd");
        Files.writeString(passwords, "# users\n" + entry("alice", "secret") + entry("bob", "hidden"));
        Path rules = folder.resolve("rules");
        Files.writeString(
                rules,
                "alice team/** pull,push,delete\nbob team/** pull\n@users own/** pull,push\n@anonymous public/** pull\n");
        return new PasswordAccess(Htpasswd.read(passwords), AccessRules.read(rules), Tokens.ephemeral());
    }

    private static String entry(String user, String password) {
        return user + ":" + BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(5, password.toCharArray()) + "\n";
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Answer as(String authorization, String method, String path) {
        return client.send(method, path, BLOB, "Authorization", authorization);
    }

    private String token(String user, String password, String scopes) {
        Answer answer = client.get(
                PasswordAccess.TOKEN_PATH + "?service=slipway" + scopes, "Authorization", basic(user, password));
        assertThat(answer.status()).isEqualTo(200);
        Matcher matcher = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(answer.text());
        assertThat(matcher.find()).isTrue();
        return "Bearer " + matcher.group(1);
    }

    @Test
    void challengesWhoDoesNotSayWhoTheyAre() {
        Answer ping = client.get("/v2/");
        assertThat(ping.status()).isEqualTo(401);
        assertThat(ping.text()).contains("UNAUTHORIZED");
        assertThat(ping.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"" + registry.address() + "/v2/_token\",service=\"slipway\"");
        assertThat(client.get("/v2/team/app/tags/list").header("WWW-Authenticate"))
                .endsWith(",scope=\"repository:team/app:pull\"");
        assertThat(client.send("POST", "/v2/team/app" + UPLOADS, BLOB).header("WWW-Authenticate"))
                .endsWith(",scope=\"repository:team/app:pull,push\"");
        assertThat(client.get("/v2/public/app/tags/list").status()).isEqualTo(404);
    }

    @Test
    void letsUsersDoWhatTheRulesSay() {
        assertThat(as(basic("alice", "secret"), "GET", "/v2/").status()).isEqualTo(200);
        assertThat(as(basic("alice", "secret"), "POST", "/v2/team/app" + UPLOADS)
                        .status())
                .isEqualTo(201);
        assertThat(as(basic("bob", "hidden"), "GET", "/v2/team/app/blobs/" + DIGEST)
                        .status())
                .isEqualTo(200);
        Answer denied = as(basic("bob", "hidden"), "POST", "/v2/team/app" + UPLOADS);
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.text()).contains("DENIED").doesNotContain("hidden");
        assertThat(as(basic("bob", "hidden"), "DELETE", "/v2/team/app/blobs/" + DIGEST)
                        .status())
                .isEqualTo(403);
        assertThat(as(basic("alice", "secret"), "DELETE", "/v2/team/app/blobs/" + DIGEST)
                        .status())
                .isEqualTo(202);
    }

    @Test
    void refusesWrongPasswordsAndNonsense() {
        for (String wrong : List.of(
                basic("alice", "Secret"),
                basic("nobody", "secret"),
                basic("alice", ""),
                basic("alice", "secret" + "x".repeat(80)),
                "Basic !!!",
                "Basic",
                "Digest x",
                "Bearer x",
                "Bearer a.b.c")) {
            assertThat(as(wrong, "GET", "/v2/").status()).as(wrong).isEqualTo(401);
            assertThat(as(wrong, "GET", PasswordAccess.TOKEN_PATH).status())
                    .as(wrong)
                    .isEqualTo(401);
            assertThat(as(wrong, "GET", "/v2/public/app/tags/list").status())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    @Test
    void issuesTokensForWhatTheUserMayDo() {
        String alice = token("alice", "secret", "&scope=repository:team/app:pull,push");
        String bob = token("bob", "hidden", "&scope=repository:team/app:pull,push");

        assertThat(as(alice, "GET", "/v2/").status()).isEqualTo(200);
        assertThat(as(alice, "POST", "/v2/team/app" + UPLOADS).status()).isEqualTo(201);
        assertThat(as(bob, "GET", "/v2/team/app/blobs/" + DIGEST).status()).isEqualTo(200);
        Answer push = as(bob, "POST", "/v2/team/app" + UPLOADS);
        assertThat(push.status()).isEqualTo(401);
        assertThat(push.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
        assertThat(as(alice, "GET", "/v2/team/other/tags/list").status()).isEqualTo(401);
        assertThat(as(alice, "DELETE", "/v2/team/app/blobs/" + DIGEST).status()).isEqualTo(401);
        assertThat(client.send("POST", PasswordAccess.TOKEN_PATH).status()).isEqualTo(404);
    }

    @Test
    void keepsBlobsOfOneRepositoryFromThoseWhoMayReadOnlyOthers() {
        String alice = basic("alice", "secret");
        String bob = basic("bob", "hidden");
        String carol = token("bob", "hidden", "&scope=repository:own/app:pull,push");
        assertThat(as(alice, "POST", "/v2/team/private" + UPLOADS).status()).isEqualTo(201);

        assertThat(as(carol, "GET", "/v2/own/app/blobs/" + DIGEST).status()).isEqualTo(404);
        assertThat(as(carol, "POST", "/v2/own/app/blobs/uploads/?mount=" + DIGEST + "&from=team/private")
                        .status())
                .isEqualTo(202);
        assertThat(as(carol, "POST", "/v2/own/app/blobs/uploads/?mount=" + DIGEST)
                        .status())
                .isEqualTo(202);
        assertThat(as(bob, "POST", "/v2/own/app/blobs/uploads/?mount=" + DIGEST + "&from=team/private")
                        .status())
                .isEqualTo(201);
        assertThat(as(carol, "GET", "/v2/own/app/blobs/" + DIGEST).status()).isEqualTo(200);
    }

    @Test
    void letsSkopeoLogInAndPushOverTls() throws Exception {
        Optional<String> missing = Tools.missing("skopeo", "openssl");
        if (missing.isPresent()) {
            System.out.println("skipped: " + missing.get() + " is not installed");
            return;
        }
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        Tools.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString(),
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1");
        Path trusted = Files.createDirectory(folder.resolve("trusted"));
        Files.copy(certificate, trusted.resolve("ca.crt"));
        Path logins = folder.resolve("auth.json");
        Path layout = TestImages.layout(folder.resolve("layout"), "one");
        try (RegistryServer server = RegistryServer.start(
                DiskContentStore.open(folder.resolve("tls")),
                RegistryOptions.defaults().withAccess(access()),
                HttpServerOptions.loopback().withTls(new TlsFiles(certificate, key)))) {
            String host = "127.0.0.1:" + server.address().getPort();
            String[] login = {"skopeo", "login", "--authfile", logins.toString(), "--cert-dir", trusted.toString()};

            Tools.run(Tools.append(login, "-u", "alice", "-p", "secret", host));
            Tools.run(
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--authfile",
                    logins.toString(),
                    "--dest-cert-dir",
                    trusted.toString(),
                    "oci:" + layout + ":one",
                    "docker://" + host + "/team/app:1");
            Tools.run(Tools.append(login, "-u", "bob", "-p", "hidden", host));
            String inspected = Tools.run(
                    "skopeo",
                    "inspect",
                    "--authfile",
                    logins.toString(),
                    "--cert-dir",
                    trusted.toString(),
                    "docker://" + host + "/team/app:1");
            int refused = Tools.status(
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--authfile",
                    logins.toString(),
                    "--dest-cert-dir",
                    trusted.toString(),
                    "oci:" + layout + ":one",
                    "docker://" + host + "/team/app:2");
            int wrong = Tools.status(Tools.append(login, "-u", "alice", "-p", "wrong", host));

            assertThat(inspected).contains("\"RepoTags\"");
            assertThat(refused).isNotZero();
            assertThat(wrong).isNotZero();
        }
    }
}
