package dev.slipway.oci.transfer;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The places an image may come from, the one to prefer first. */
final class Sources {
    private final ImageReference reference;
    private final List<Transport> transports;

    Sources(ImageReference reference, List<Transport> transports) {
        this.reference = reference;
        this.transports = List.copyOf(transports);
    }

    /** The same places and, behind them, others. */
    Sources and(List<Transport> others) {
        List<Transport> all = new ArrayList<>(transports);
        all.addAll(others);
        return new Sources(reference, all);
    }

    /** The result of the first place that has one. Being cancelled, or out of space, is no reason to ask the next. */
    <T> T first(Function<Transport, T> action) {
        List<String> failures = new ArrayList<>();
        CodedException last = null;
        for (Transport transport : transports) {
            try {
                return action.apply(transport);
            } catch (CodedException e) {
                if (e.kind() == ErrorKind.CANCELLED || e.kind() == ErrorKind.EXHAUSTED) {
                    throw e;
                }
                failures.add(transport.description() + ": " + e.getMessage());
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
        }
        if (last == null) {
            throw new IllegalStateException("there is always a place to ask");
        }
        throw new OciException(
                "oci.pull-failed",
                last.kind(),
                "Pulling " + reference + " failed. " + String.join(" ", failures),
                last.hint(),
                last);
    }
}
