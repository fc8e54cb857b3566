package dev.slipway.fetch.wire;

import dev.slipway.base.Cancellation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The search for a host's addresses, on a thread of its own: the system's cannot be told to stop. */
final class Lookup {
    private final String host;
    private final CountDownLatch done = new CountDownLatch(1);
    private InetAddress @Nullable [] addresses;

    private Lookup(String host) {
        this.host = host;
    }

    static Lookup of(String host) {
        Lookup lookup = new Lookup(host);
        Thread.ofVirtual().name("fetch-lookup").start(lookup::run);
        return lookup;
    }

    private void run() {
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException _) {
            addresses = null;
        } finally {
            done.countDown();
        }
    }

    InetAddress[] await(Duration patience, Cancellation cancellation) throws IOException {
        try (var _ = cancellation.onCancel(done::countDown)) {
            if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SocketTimeoutException(
                        "the host name was not resolved within " + patience.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the waiting thread was interrupted", e);
        }
        cancellation.throwIfCancelled();
        InetAddress[] found = addresses;
        if (found == null) {
            throw new UnknownHostException("the host name is unknown");
        }
        return found;
    }
}
