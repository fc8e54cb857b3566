package dev.slipway.oci.content;

import dev.slipway.oci.Descriptor;
import java.time.Instant;

/**
 * A name and what it names.
 *
 * @param name usually the text of an {@link dev.slipway.oci.ImageReference}
 * @param changed when it was last made to name something
 */
public record Reference(String name, Descriptor descriptor, Instant changed) {
    /** The part before tag and digest: host and repository. */
    public String repository() {
        return repositoryOf(name);
    }

    /** The part before tag and digest of a reference's name. */
    public static String repositoryOf(String name) {
        return name.substring(0, tailStart(name));
    }

    /** Where the tag or the digest begins, with its sign; the name's length when it has neither. */
    static int tailStart(String name) {
        int at = name.indexOf('@');
        int end = at < 0 ? name.length() : at;
        int colon = name.lastIndexOf(':', end - 1);
        return colon > name.lastIndexOf('/', end - 1) ? colon : end;
    }
}
