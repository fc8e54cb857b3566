package dev.slipway.cli.image;

import dev.slipway.oci.transfer.PullOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that bring images from registries. */
final class PullOptionsMixin {
    @Mixin
    private PlatformMixin platform = new PlatformMixin();

    @Option(names = "--offline", description = "Take what is in the content store; open no connection.")
    private boolean offline;

    PullOptions options() {
        return PullOptions.defaults().withPlatform(platform.platform()).withOffline(offline);
    }
}
