package dev.slipway.oci.content;

import dev.slipway.oci.Descriptor;
import java.util.List;
import java.util.Optional;

/**
 * Names for blobs, usually for manifests. A name is usually the text of an {@link dev.slipway.oci.ImageReference}; what
 * stands before its tag or digest is its repository. Every change is atomic and seen by other processes at once.
 */
public interface References {
    /** What a reference names. */
    Optional<Descriptor> resolve(String name);

    /** Makes a reference name a blob, replacing what it named before. */
    void tag(String name, Descriptor descriptor);

    /** Makes a reference name a blob unless it exists; says whether it did so. */
    boolean tagNew(String name, Descriptor descriptor);

    /** Makes a reference name another blob if it still names {@code expected}; says whether it did so. */
    boolean retag(String name, Descriptor expected, Descriptor descriptor);

    /** Removes a reference; the blobs stay. Says whether there was one. */
    boolean untag(String name);

    /** Removes a reference if it still names {@code expected}; says whether it did so. */
    boolean untag(String name, Descriptor expected);

    /** The names of all references, sorted. */
    List<String> names();

    /** The names of a repository's references, sorted; {@code repository} begins with the host. */
    List<String> names(String repository);

    /** All references, sorted by name. */
    List<Reference> references();

    /** A repository's references, sorted by name. */
    List<Reference> references(String repository);
}
