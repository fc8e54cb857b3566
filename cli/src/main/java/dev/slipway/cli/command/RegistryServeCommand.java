package dev.slipway.cli.command;

import dev.slipway.base.ByteSize;
import dev.slipway.cli.CliException;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.StopSignal;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.TlsFiles;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.auth.Credentials;
import dev.slipway.oci.transport.auth.StoredCredentials;
import dev.slipway.registry.RegistryOptions;
import dev.slipway.registry.RegistryServer;
import dev.slipway.registry.access.Access;
import dev.slipway.registry.access.AccessRules;
import dev.slipway.registry.access.Htpasswd;
import dev.slipway.registry.access.PasswordAccess;
import dev.slipway.registry.access.Tokens;
import dev.slipway.registry.mirror.MirrorOptions;
import dev.slipway.server.Settings;
import dev.slipway.server.SlipwayHome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway registry serve}. */
@Command(
        name = "serve",
        description = {
            "Run an OCI registry over the content store.",
            "",
            "Programs on this machine may push and delete; others may only pull, unless --htpasswd or --open says more.",
            ""
        })
final class RegistryServeCommand extends SlipwayCommand {
    private static final String DEFAULT_ADDRESS = "127.0.0.1:5000";
    /** A client that sends nothing for this long in the middle of a request has gone. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static final Duration DRAIN = Duration.ofSeconds(10);

    @Option(names = "--addr", paramLabel = "HOST:PORT", description = "Where to listen (default: 127.0.0.1:5000).")
    private String address = DEFAULT_ADDRESS;

    @Option(names = "--dir", paramLabel = "DIR", description = "The content store (default: that of the home).")
    @Nullable
    private Path folder;

    @Option(
            names = "--htpasswd",
            paramLabel = "FILE",
            description = "Users and passwords, as 'htpasswd -B' writes them; without a login nothing is allowed then.")
    @Nullable
    private Path passwords;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "What users may do: lines of USER PATTERN ACTIONS. Without, they may do everything.")
    @Nullable
    private Path rules;

    @Option(
            names = "--token-key",
            paramLabel = "FILE",
            description = "32 random bytes that sign tokens (default: a file in the store, made when missing).")
    @Nullable
    private Path tokenKey;

    @Option(names = "--open", description = "Everybody who reaches the registry may push and delete.")
    private boolean open;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "The certificate and its chain, PEM.")
    @Nullable
    private Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's key, PEM, PKCS#8.")
    @Nullable
    private Path key;

    @Option(
            names = "--mirror",
            paramLabel = "HOST[=URL,...]",
            description =
                    "Fetch what is missing from this registry, or from its mirrors at the URLs. May be repeated; the "
                            + "first is meant where a request names none.")
    private List<String> mirrors = new ArrayList<>();

    @Option(names = "--offline", description = "With --mirror: serve what is here and ask nobody.")
    private boolean offline;

    @Option(
            names = "--mirror-login",
            description =
                    "With --mirror: show upstreams this user's logins. Whoever may pull here then gets what they open.")
    private boolean login;

    @Option(
            names = "--tag-life",
            paramLabel = "SECONDS",
            description = "With --mirror: how long a tag is not asked about again (default: 60).")
    private int tagLife = 60;

    RegistryServeCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        InetSocketAddress listen = ListenAddress.of(address, -1);
        Path content = folder == null
                ? SlipwayHome.open(global.home(console().environment())).content()
                : folder.toAbsolutePath();
        warnWhenUnsafe(listen);
        try (StopSignal stop = StopSignal.listen();
                MirrorUpstreams upstreams = MirrorUpstreams.of(mirrors, registries());
                DiskContentStore store = DiskContentStore.open(content);
                RegistryServer server = RegistryServer.start(store, options(content, upstreams), listening(listen))) {
            say(server, content);
            int status = stop.await();
            console().err().println("Stopping: running requests have 10 seconds. Ctrl-C again stops at once.");
            return status;
        }
    }

    private Registries registries() {
        return Registries.create(
                FetchOptions.defaults(),
                Settings.read(console().environment()).registries(),
                login ? StoredCredentials.from(console().environment()) : Credentials.NONE);
    }

    private void say(RegistryServer server, Path content) {
        String root = server.uri().toString().replaceFirst("/$", "");
        if (global.json) {
            console()
                    .out()
                    .println(new JsonText()
                            .open()
                            .field("url", root)
                            .field("dir", content.toString())
                            .field("pid", ProcessHandle.current().pid())
                            .close());
        } else {
            String place = root.substring(root.indexOf("//") + 2);
            console().out().println("The registry listens at " + root + ", content in " + content + ".");
            console()
                    .out()
                    .println("Try it: skopeo copy --dest-tls-verify=false oci:DIR:TAG docker://" + place + "/NAME:TAG");
            console().out().println("Stop with Ctrl-C.");
        }
        console().out().flush();
    }

    private RegistryOptions options(Path content, MirrorUpstreams upstreams) {
        RegistryOptions options = RegistryOptions.defaults().withAccess(access(content));
        return upstreams.isEmpty()
                ? options
                : options.withMirror(MirrorOptions.of(upstreams)
                        .withTagLife(Duration.ofSeconds(Math.max(0, tagLife)))
                        .withOffline(offline));
    }

    private Access access(Path content) {
        if (passwords == null) {
            if (rules != null || tokenKey != null) {
                throw CliException.usage(
                        "--rules and --token-key mean nothing without --htpasswd.", "Add --htpasswd FILE.");
            }
            return open ? Access.open() : Access.local();
        }
        if (open) {
            throw CliException.usage("--open and --htpasswd contradict each other.", "Leave one of them out.");
        }
        Path signing =
                Optional.ofNullable(tokenKey).orElse(content.resolve("registry").resolve("token-key"));
        return new PasswordAccess(
                Htpasswd.read(passwords),
                rules == null ? AccessRules.everythingForUsers() : AccessRules.read(rules),
                Tokens.withKey(signing));
    }

    private HttpServerOptions listening(InetSocketAddress listen) {
        HttpServerOptions options = new HttpServerOptions(listen, ByteSize.ofMebibytes(16), IDLE, DRAIN);
        if (certificate == null && key == null) {
            return options;
        }
        if (certificate == null || key == null) {
            throw CliException.usage("--tls-cert and --tls-key go together.", "Give both.");
        }
        return options.withTls(new TlsFiles(certificate, key));
    }

    private void warnWhenUnsafe(InetSocketAddress listen) {
        InetAddress host = listen.getAddress();
        if (host == null || host.isLoopbackAddress()) {
            return;
        }
        if (open) {
            console().err().println("warning: whoever reaches " + listen.getHostString() + " may push and delete.");
        }
        if (passwords != null && certificate == null) {
            console().err().println("warning: passwords travel without TLS: add --tls-cert and --tls-key.");
        }
    }
}
