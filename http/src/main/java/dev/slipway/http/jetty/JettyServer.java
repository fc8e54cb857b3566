package dev.slipway.http.jetty;

import dev.slipway.http.ErrorMapper;
import dev.slipway.http.Handler;
import dev.slipway.http.HttpServerOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Sets Jetty up and takes it down. */
public final class JettyServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(JettyServer.class.getName());

    /** Platform threads: one selects, one accepts, the rest wait to take over. Handlers run on virtual ones. */
    private static final int MAX_PLATFORM_THREADS = 16;

    /** Large bodies arrive in few reads; a connection holds such a buffer only while it is being read from. */
    private static final int INPUT_BUFFER = 64 << 10;

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 1;

    static {
        // References in a cache line of 64 bytes. Left to itself Jetty asks the JVM for their size by way of its
        // management
        // beans, and starting those takes longer than all the rest of the first server's start.
        System.getProperties().putIfAbsent("org.eclipse.jetty.util.referencesPerCacheLine", "16");
    }

    private final Server server;
    private final ServerConnector connector;
    private final RequestDispatcher dispatcher;
    private final Duration drain;
    /** Kept here because the connector forgets its port when it closes. */
    private final InetSocketAddress address;

    private JettyServer(Server server, ServerConnector connector, RequestDispatcher dispatcher, Duration drain) {
        this.server = server;
        this.connector = connector;
        this.dispatcher = dispatcher;
        this.drain = drain;
        this.address = new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /** See {@link dev.slipway.http.HttpServer#prepare}. */
    public static void prepare() {
        // Jetty's table of media types lists all locales, which takes a quarter of the first start.
        Thread.ofPlatform().daemon().name("http-prepare").start(() -> MimeTypes.DEFAULTS.getMimeMap());
    }

    public static JettyServer start(HttpServerOptions options, Handler handler, ErrorMapper errors) {
        if (options.address().isUnresolved()) {
            throw ListenFailures.unresolved(options.address());
        }
        ConnectionFactory[] protocols = protocols(options);
        RequestDispatcher dispatcher = new RequestDispatcher(handler, errors, options.maxBody());
        QueuedThreadPool threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 2);
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        Server server = new Server(threads);
        server.setErrorHandler(new PlainErrors());
        server.setHandler(dispatcher);
        ServerConnector connector = new ServerConnector(server, ACCEPTORS, SELECTORS, protocols);
        connector.setHost(options.address().getAddress().getHostAddress());
        connector.setPort(options.address().getPort());
        connector.setIdleTimeout(options.idleTimeout().toMillis());
        server.addConnector(connector);
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw ListenFailures.explain(options.address(), e);
        }
        return new JettyServer(server, connector, dispatcher, options.drain());
    }

    private static ConnectionFactory[] protocols(HttpServerOptions options) {
        HttpConfiguration configuration = configuration();
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        http.setInputBufferSize(INPUT_BUFFER);
        if (options.tls().isEmpty()) {
            return new ConnectionFactory[] {http};
        }
        // What a client believes to be the server's name is no business of ours: it is checked by the client.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setKeyStore(TlsKeys.load(options.tls().get()));
        keys.setKeyStorePassword("");
        keys.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return new ConnectionFactory[] {new SslConnectionFactory(keys, http.getProtocol()), http};
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        // Paths are matched while still encoded, so an encoded slash inside a name is no ambiguity here.
        configuration.setUriCompliance(UriCompliance.DEFAULT.with(
                "slipway",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        return configuration;
    }

    public InetSocketAddress address() {
        return address;
    }

    public int running() {
        return dispatcher.running();
    }

    @Override
    public void close() {
        connector.close();
        if (!dispatcher.drain(drain)) {
            LOG.log(Level.DEBUG, "cutting {0} requests that did not end within {1}", dispatcher.running(), drain);
        }
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            // Nothing is left to be done with a server that does not stop cleanly; its threads are daemons.
            LOG.log(Level.DEBUG, "the HTTP server did not stop cleanly", e);
        }
    }
}
