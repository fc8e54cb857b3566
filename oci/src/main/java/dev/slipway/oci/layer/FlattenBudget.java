package dev.slipway.oci.layer;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what the layers of one image hold together, and stops when that is too much. */
final class FlattenBudget {
    private final FlattenLimits limits;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();

    FlattenBudget(FlattenLimits limits) {
        this.limits = limits;
    }

    void entry() {
        if (entries.incrementAndGet() > limits.entries()) {
            throw tooLarge("the layers have more than " + limits.entries() + " entries");
        }
    }

    /**
     * Counts uncompressed bytes.
     *
     * @param soFar of the same layer, these included
     */
    void bytes(Descriptor layer, long count, long soFar) {
        if (bytes.addAndGet(count) > limits.bytes().bytes()) {
            throw tooLarge("the layers have more than " + limits.bytes() + " when uncompressed");
        }
        if (soFar > limits.ratioFreeBytes().bytes() && soFar / limits.ratio() > layer.size()) {
            throw tooLarge("layer " + layer.digest() + " has more than " + limits.ratio()
                    + " times its compressed size when uncompressed");
        }
    }

    private static OciException tooLarge(String why) {
        return OciException.invalid("oci.image-too-large", "Flattening the image was refused: " + why + ".");
    }
}
