package dev.slipway.cli.image;

import dev.slipway.oci.Platform;
import dev.slipway.oci.transfer.PullOptions;
import picocli.CommandLine.Option;

/** Options of commands that read images from registries. */
final class PullOptionsMixin {
    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[/VARIANT]",
            description = "Which image to take from an index (default: this host's).")
    private String platform = "";

    @Option(names = "--offline", description = "Take what is in the content store; open no connection.")
    private boolean offline;

    PullOptions options() {
        return PullOptions.defaults().withPlatform(platform()).withOffline(offline);
    }

    Platform platform() {
        return platform.isEmpty() ? Platform.host() : Platform.parse(platform);
    }
}
