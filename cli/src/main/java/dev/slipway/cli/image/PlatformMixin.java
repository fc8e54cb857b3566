package dev.slipway.cli.image;

import dev.slipway.oci.Platform;
import picocli.CommandLine.Option;

/** Which image of an index is meant. */
final class PlatformMixin {
    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[/VARIANT]",
            description = "Which image to take from an index (default: this host's).")
    private String platform = "";

    Platform platform() {
        return platform.isEmpty() ? Platform.host() : Platform.parse(platform);
    }
}
