package dev.slipway.bench.unpack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What is measured: a way from a registry to a directory that holds the image's tree. */
enum Program {
    SLIPWAY("slipway image unpack"),
    UMOCI("skopeo copy + umoci unpack"),
    PODMAN("podman pull"),
    TAR("curl | inflate | tar -x");

    private final String title;

    Program(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** The release of umoci that Debian has reads no zstd. */
    boolean reads(Input.Compression compression) {
        return this != UMOCI || compression == Input.Compression.GZIP;
    }

    /** Whether it makes the image's tree; tar alone knows no whiteouts. */
    boolean makesTree() {
        return this != TAR;
    }

    /**
     * The script that is timed.
     *
     * @param slipway our command, with {@code {reference}} and {@code {tree}} in place of what changes
     */
    String script(Task task, String slipway) {
        return switch (this) {
            case SLIPWAY -> slipway.replace("{reference}", task.reference).replace("{tree}", tree(task));
            case UMOCI ->
                "skopeo --insecure-policy copy -q --src-tls-verify=false docker://%s oci:%s/layout:%s && umoci unpack --image %2$s/layout:%3$s %2$s/bundle-%3$s"
                        .formatted(task.reference, task.disk, task.tag);
            case PODMAN -> podman(task) + " pull -q --tls-verify=false " + task.reference;
            case TAR ->
                "mkdir -p %1$s; ".formatted(tree(task))
                        + task.layers.stream()
                                .map(digest ->
                                        "curl -sf %s/%s | %s | tar -x --xattrs --xattrs-include='*' --recursive-unlink -C %s"
                                                .formatted(task.blobs, digest, task.expand, tree(task)))
                                .collect(Collectors.joining("; "));
        };
    }

    /** The tree's listing; what it takes to reach the tree is not timed. */
    TreeListing listing(Task task) throws IOException, InterruptedException {
        if (this != PODMAN) {
            return TreeListing.of(tree(task));
        }
        String mount = podman(task) + " image mount " + task.reference;
        TreeListing listing = TreeListing.of(Shell.run(mount).strip());
        Shell.run(podman(task) + " image unmount " + task.reference);
        return listing;
    }

    private String tree(Task task) {
        return task.disk + (this == UMOCI ? "/bundle-" + task.tag + "/rootfs" : "/tree-" + task.tag);
    }

    private static String podman(Task task) {
        return "podman --root %1$s/storage --runroot %1$s/run --tmpdir %1$s/libpod --storage-driver overlay"
                .formatted(task.disk);
    }

    /**
     * One image and where it is to go.
     *
     * @param reference host, repository and tag
     * @param blobs the address below which the registry has blobs
     * @param layers digests, lowest first
     * @param expand the command that inflates them
     */
    record Task(String reference, String tag, String blobs, List<String> layers, String expand, Path disk) {}
}
