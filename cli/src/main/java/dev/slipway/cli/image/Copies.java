package dev.slipway.cli.image;

import dev.slipway.base.ByteSize;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.oci.transfer.CopiedImage;

/** How a copy is told. */
final class Copies {
    private Copies() {}

    static void write(JsonText json, String destination, CopiedImage copied) {
        json.open()
                .field("destination", destination)
                .field("digest", copied.written().digest().toString())
                .field("sourceDigest", copied.source().digest().toString())
                .field("changes", copied.changes())
                .field("blobsCopied", copied.blobsCopied())
                .field("blobsPresent", copied.blobsPresent())
                .field("bytesCopied", copied.bytesCopied())
                .close();
    }

    static String text(String destination, CopiedImage copied) {
        String moved = copied.blobsCopied() == 0
                ? "nothing"
                : new ByteSize(copied.bytesCopied()) + " in " + copied.blobsCopied()
                        + (copied.blobsCopied() == 1 ? " blob" : " blobs");
        String changes =
                copied.changes().isEmpty() ? "" : "\n  changed: " + String.join("\n  changed: ", copied.changes());
        return destination + " is " + copied.written().digest() + " (" + moved + " copied, " + copied.blobsPresent()
                + " there already)." + changes;
    }
}
