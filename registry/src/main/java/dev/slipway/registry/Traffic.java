package dev.slipway.registry;

import java.util.concurrent.atomic.LongAdder;

/** What one registry has done so far. */
final class Traffic {
    final LongAdder requests = new LongAdder();
    final LongAdder manifestBytes = new LongAdder();
    final LongAdder blobBytes = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder clientErrors = new LongAdder();
    final LongAdder serverErrors = new LongAdder();
    final LongAdder manifestsPushed = new LongAdder();
    final LongAdder blobsPushed = new LongAdder();

    /** Counts an answer that was an error. */
    void failed(int status) {
        (status < 500 ? clientErrors : serverErrors).increment();
    }

    /** The counters in the text form that Prometheus and its like collect. */
    String exposition() {
        StringBuilder text = new StringBuilder();
        line(text, "requests", "Requests answered.", requests);
        line(text, "client_errors", "Requests answered with 4xx.", clientErrors);
        line(text, "server_errors", "Requests answered with 5xx.", serverErrors);
        line(text, "manifest_sent_bytes", "Bytes of manifests sent.", manifestBytes);
        line(text, "blob_sent_bytes", "Bytes of blobs sent.", blobBytes);
        line(text, "blob_received_bytes", "Bytes of blobs received.", received);
        line(text, "manifests_pushed", "Manifests taken in.", manifestsPushed);
        line(text, "blobs_pushed", "Blobs taken in or mounted.", blobsPushed);
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String help, LongAdder value) {
        String full = "slipway_registry_" + name + "_total";
        text.append("# HELP ").append(full).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(full).append(" counter\n");
        text.append(full).append(' ').append(value.sum()).append('\n');
    }
}
