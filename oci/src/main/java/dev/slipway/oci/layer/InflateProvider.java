package dev.slipway.oci.layer;

import dev.slipway.posix.isal.IsalInflater;
import dev.slipway.posix.isal.IsalLibrary;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;

/**
 * What inflates gzip layers: ISA-L where it can be had, else the JDK. Chosen once, at the first layer; the environment
 * variable {@code SLIPWAY_INFLATE=jdk} makes it the JDK.
 */
public final class InflateProvider {
    private static final Logger LOG = System.getLogger(InflateProvider.class.getName());
    private static final String VARIABLE = "SLIPWAY_INFLATE";

    private final String name;
    private final String reason;
    private final Supplier<RawInflater> opener;

    private InflateProvider(String name, String reason, Supplier<RawInflater> opener) {
        this.name = name;
        this.reason = reason;
        this.opener = opener;
    }

    private static final class Chosen {
        static final InflateProvider PROVIDER = choose();
    }

    /** The one in use. */
    public static InflateProvider chosen() {
        return Chosen.PROVIDER;
    }

    private static InflateProvider choose() {
        InflateProvider provider =
                "jdk".equals(System.getenv(VARIABLE)) ? jdk(VARIABLE + " says so") : isal(IsalLibrary.probe());
        LOG.log(Level.DEBUG, "gzip is inflated by {0}: {1}", provider.name, provider.reason);
        return provider;
    }

    private static InflateProvider isal(IsalLibrary.Probe probe) {
        return probe.library()
                .map(library -> new InflateProvider("isa-l", probe.reason(), () -> new Isal(library.inflater())))
                .orElseGet(() -> jdk("ISA-L is not there: " + probe.reason()));
    }

    static InflateProvider jdk(String reason) {
        return new InflateProvider("jdk", reason, RawInflater.Jdk::new);
    }

    /** {@code isa-l} or {@code jdk}. */
    public String name() {
        return name;
    }

    /** Why this one, for people. */
    public String reason() {
        return reason;
    }

    RawInflater open() {
        return opener.get();
    }

    private record Isal(IsalInflater inflater) implements RawInflater {
        @Override
        public void reset() {
            inflater.reset();
        }

        @Override
        public boolean inflate(ByteBuffer in, ByteBuffer out) throws DataFormatException {
            return inflater.inflate(in, out);
        }

        @Override
        public void close() {
            inflater.close();
        }
    }
}
