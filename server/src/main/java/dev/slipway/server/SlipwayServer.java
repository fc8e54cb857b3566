package dev.slipway.server;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.Router;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.registry.RegistryHandler;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.ModelRouter;
import dev.slipway.runtime.RouterOptions;
import dev.slipway.server.openai.OpenAiApi;
import dev.slipway.server.openai.OpenAiErrors;
import dev.slipway.server.serving.ModelService;
import dev.slipway.server.status.StatusApi;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.TreeSet;

/** The whole server in one process: the only place that knows all its parts. */
public final class SlipwayServer implements AutoCloseable {
    private static final ByteSize LARGEST_REQUEST = ByteSize.ofMebibytes(32);
    private static final Duration IDLE = Duration.ofMinutes(2);

    private final SlipwayHome home;
    private final ModelConfigs configs;
    private final DiskContentStore content;
    private final Backends backends;
    private final ModelRouter router;
    private final StatusApi status;
    private final HttpServer http;

    private SlipwayServer(
            SlipwayHome home,
            ModelConfigs configs,
            DiskContentStore content,
            Backends backends,
            ModelRouter router,
            StatusApi status,
            HttpServer http) {
        this.home = home;
        this.configs = configs;
        this.content = content;
        this.backends = backends;
        this.router = router;
        this.status = status;
        this.http = http;
    }

    /**
     * Starts a server. It listens at once, and is ready when this returns: what the distribution ships is installed.
     *
     * @throws dev.slipway.base.CodedException why it cannot; nothing is left running
     */
    public static SlipwayServer start(ServerOptions options, ProgressListener progress, Cancellation cancellation) {
        SlipwayServer server = assemble(options);
        try {
            server.backends.installShipped(server.backendsInUse(), progress, cancellation);
            server.status.phase(StatusApi.Phase.READY);
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static SlipwayServer assemble(ServerOptions options) {
        SlipwayHome home = SlipwayHome.open(options.home());
        ModelConfigs configs = ModelConfigs.of(home.folder(), options.distribution());
        DiskContentStore content = DiskContentStore.open(home.content());
        Backends backends = new Backends(home, content, options.distribution());
        ModelRouter router = new ModelRouter(new BackendLauncher(), backends::runScript, RouterOptions.of(home.logs()));
        StatusApi status = new StatusApi();
        Router routes = new Router();
        status.addTo(routes);
        new OpenAiApi(new ModelService(configs, router), options.heartbeat()).addTo(routes);
        routes.mount("/v2/", new RegistryHandler(content));
        HttpServerOptions listening = new HttpServerOptions(options.address(), LARGEST_REQUEST, IDLE, options.drain());
        HttpServer http = HttpServer.start(listening, routes, new OpenAiErrors());
        return new SlipwayServer(home, configs, content, backends, router, status, http);
    }

    private TreeSet<String> backendsInUse() {
        TreeSet<String> names = new TreeSet<>();
        configs.all().forEach(model -> names.add(model.backend()));
        return names;
    }

    public SlipwayHome home() {
        return home;
    }

    /** Where the API listens. */
    public InetSocketAddress address() {
        return http.address();
    }

    /** The server's root. */
    public URI uri() {
        return http.uri();
    }

    /** The models that can be asked for now. */
    public ModelConfigs models() {
        return configs;
    }

    /** Lets running requests finish for a while, then ends them and all backends. */
    @Override
    public void close() {
        status.phase(StatusApi.Phase.STOPPING);
        try {
            http.close();
        } finally {
            // The last of them also when the others fail.
            try (content) {
                router.close();
            }
        }
    }
}
