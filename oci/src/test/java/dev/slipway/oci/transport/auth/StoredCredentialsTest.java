package dev.slipway.oci.transport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StoredCredentialsTest {
    private static final Cancellation NEVER = Cancellation.never();

    @TempDir
    Path home;

    private final Map<String, String> more = new LinkedHashMap<>();

    private Credential find(String host, String repository) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", home.toString());
        environment.put("PATH", home.resolve("bin") + ":/usr/bin:/bin");
        environment.putAll(more);
        return StoredCredentials.from(environment).of(host, repository, NEVER);
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(home.resolve(path).getParent());
        Files.writeString(home.resolve(path), text);
    }

    private void helper(String name, String script) throws IOException {
        write("bin/docker-credential-" + name, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(
                home.resolve("bin/docker-credential-" + name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String pair(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void hasNothingWhenNothingIsKept() {
        assertThat(find("quay.io", "a/b")).isEqualTo(Credential.anonymous());
    }

    @Test
    void readsDockersFileInEverySpellingOfAHost() throws IOException {
        write(
                ".docker/config.json",
                "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + pair("hub", "p:w") + "\"},"
                        + "\"https://Quay.io/v2/\":{\"auth\":\"" + pair("quay", "x") + "\"},"
                        + "\"localhost:5000\":{\"username\":\"u\",\"password\":\"v\"},"
                        + "\"ghcr.io\":{\"auth\":\"" + pair("<token>", "t") + "\"},"
                        + "\"a.example\":{\"auth\":\"" + pair("ignored", "x") + "\",\"identitytoken\":\"id\"},"
                        + "\"b.example\":{\"registrytoken\":\"reg\"},\"c.example\":{}}}");

        assertThat(find("docker.io", "library/alpine")).isEqualTo(new Credential.Password("hub", "p:w"));
        assertThat(find("quay.io", "a")).isEqualTo(new Credential.Password("quay", "x"));
        assertThat(find("localhost:5000", "a")).isEqualTo(new Credential.Password("u", "v"));
        assertThat(find("ghcr.io", "a")).isEqualTo(new Credential.IdentityToken("t"));
        assertThat(find("a.example", "a")).isEqualTo(new Credential.IdentityToken("id"));
        assertThat(find("b.example", "a")).isEqualTo(new Credential.RegistryToken("reg"));
        assertThat(find("c.example", "a")).isEqualTo(Credential.anonymous());
        assertThat(find("localhost", "a")).isEqualTo(Credential.anonymous());
    }

    @Test
    void takesTheEntryWithTheLongestPath() throws IOException {
        write(
                ".config/containers/auth.json",
                "{\"auths\":{\"quay.io\":{\"auth\":\"" + pair("host", "1") + "\"},\"quay.io/org\":{\"auth\":\""
                        + pair("org", "2") + "\"},\"quay.io/org/app\":{\"auth\":\"" + pair("app", "3") + "\"}}}");

        assertThat(find("quay.io", "org/app")).isEqualTo(new Credential.Password("app", "3"));
        assertThat(find("quay.io", "org/other")).isEqualTo(new Credential.Password("org", "2"));
        assertThat(find("quay.io", "organ/app")).isEqualTo(new Credential.Password("host", "1"));
    }

    @Test
    void asksFilesInOrder() throws IOException {
        String format = "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}";
        write("named.json", format.formatted("a.example", pair("named", "1")));
        write("docker/config.json", format.formatted("a.example", pair("docker", "2")));
        write("run/containers/auth.json", format.formatted("b.example", pair("run", "3")));
        write("xdg/containers/auth.json", format.formatted("b.example", pair("xdg", "4")));
        more.put("DOCKER_CONFIG", home.resolve("docker").toString());
        more.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
        more.put("XDG_CONFIG_HOME", home.resolve("xdg").toString());
        assertThat(find("a.example", "x")).isEqualTo(new Credential.Password("docker", "2"));
        assertThat(find("b.example", "x")).isEqualTo(new Credential.Password("run", "3"));

        more.put("REGISTRY_AUTH_FILE", home.resolve("named.json").toString());
        assertThat(find("a.example", "x")).isEqualTo(new Credential.Password("named", "1"));
    }

    @Test
    void asksHelpersAsDockerDoes() throws IOException {
        write(
                ".docker/config.json",
                "{\"credHelpers\":{\"quay.io\":\"one\"},\"credsStore\":\"all\",\"auths\":{\"c.example\":{\"auth\":\""
                        + pair("written", "w") + "\"}}}");
        helper(
                "one",
                "test \"$1\" = get && read server; echo \"{\\\"Username\\\":\\\"u-$server\\\",\\\"Secret\\\":\\\"s\\\"}\"");
        helper(
                "all",
                "read server; case $server in https://index.docker.io/v1/) echo '{\"Username\":\"<token>\",\"Secret\":\"id\"}';;"
                        + " *) echo 'credentials not found in native keychain'; exit 1;; esac");

        assertThat(find("quay.io", "a")).isEqualTo(new Credential.Password("u-quay.io", "s"));
        assertThat(find("docker.io", "a")).isEqualTo(new Credential.IdentityToken("id"));
        assertThat(find("b.example", "a")).isEqualTo(Credential.anonymous());
        assertThat(find("c.example", "a")).isEqualTo(new Credential.Password("written", "w"));
    }

    @Test
    void goesOnWithoutAHelperThatDoesNotWorkAndSaysWhy() throws IOException {
        write(
                ".docker/config.json",
                "{\"credHelpers\":{\"a.example\":\"missing\",\"b.example\":\"../../evil\",\"c.example\":\"broken\","
                        + "\"d.example\":\"odd\"}}");
        helper("broken", "echo hunter2; exit 3");
        helper("odd", "echo hunter2");

        assertThat(find("a.example", "a")).asString().contains("docker-credential-missing failed: it cannot be run");
        assertThat(find("b.example", "a")).asString().contains("its name is malformed");
        assertThat(find("c.example", "a"))
                .asString()
                .contains("ended with status 3")
                .doesNotContain("hunter2");
        assertThat(find("d.example", "a"))
                .asString()
                .contains("answer is malformed")
                .doesNotContain("hunter2");
    }

    @Test
    void doesNotWaitForAHelperForEver() throws IOException {
        helper("slow", "exec sleep 60");
        CredentialHelper helper = new CredentialHelper(
                "slow", Map.of("PATH", home.resolve("bin") + ":/usr/bin:/bin"), Duration.ofMillis(200));

        assertThat(helper.credential("quay.io", NEVER)).asString().contains("docker-credential-slow failed");
    }

    @Test
    void saysWhichFileIsMalformedWithoutQuotingIt() throws IOException {
        write(".docker/config.json", "{\"auths\":{\"quay.io\":{\"auth\":\"hunter2");

        assertThatThrownBy(() -> find("quay.io", "a"))
                .hasMessageContaining("config.json failed: it is malformed")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void neverWritesASecretOut() {
        assertThat(new Credential.Password("me", "hunter2"))
                .asString()
                .contains("me")
                .doesNotContain("hunter2");
        assertThat(new Credential.IdentityToken("hunter2")).asString().doesNotContain("hunter2");
        assertThat(new Credential.RegistryToken("hunter2")).asString().doesNotContain("hunter2");
    }
}
