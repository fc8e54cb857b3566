package dev.slipway.dist.runtime;

import java.util.List;

/** What the JVMs of the distribution are started with; an archive of classes is written and used with the same. */
public final class JvmFlags {
    /** What every JVM of ours needs. */
    private static final List<String> ALWAYS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /**
     * The backend. Its weights are mapped, so the heap holds little beside the KV cache; it is kept below 32 GB, where
     * references become wider and archives made for narrow ones useless. Priorities count, and compiling comes last (the
     * number is a nice value): Health is answered while everything else wants the cores. {@code -Xlog:disable} and
     * {@code -XX:-PrintWarnings}: standard output is not for the JVM's remarks.
     */
    public static final List<String> BACKEND = List.of(
            "--add-modules=jdk.incubator.vector",
            ALWAYS.get(0),
            ALWAYS.get(1),
            "-XX:+UseSerialGC",
            "-XX:ThreadPriorityPolicy=1",
            "-XX:CompilerThreadPriority=10",
            "-XX:-PrintWarnings",
            "-XX:ErgoHeapSizeLimit=30g",
            "-XX:MaxRAMPercentage=60",
            "-Xshare:auto",
            "-Xlog:disable");

    /** The command line tool and the server. */
    public static final List<String> PROGRAM =
            List.of(ALWAYS.get(0), ALWAYS.get(1), "-XX:+UseSerialGC", "-Xmx2g", "-Xshare:auto", "-Xlog:disable");

    private JvmFlags() {}
}
