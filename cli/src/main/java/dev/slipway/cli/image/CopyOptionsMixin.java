package dev.slipway.cli.image;

import dev.slipway.oci.Platform;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transfer.CopyOptions.Layers;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of commands that copy images. */
final class CopyOptionsMixin {
    @ArgGroup
    private Choice choice = new Choice();

    @Option(
            names = "--compress",
            description = "Compress plain layers with gzip on the way; their digests and the image's change.")
    private boolean compress;

    /** One image of an index, or all. */
    static final class Choice {
        @Option(
                names = "--platform",
                paramLabel = "OS/ARCH[/VARIANT]",
                description = "Which image to take from an index (default: this host's).")
        private String platform = "";

        @Option(names = "--all", description = "Copy an index with all its images.")
        private boolean all;
    }

    CopyOptions options() {
        CopyOptions options = CopyOptions.defaults().withLayers(compress ? Layers.GZIP : Layers.AS_SUITS);
        if (choice.all) {
            return options.withAllPlatforms();
        }
        return choice.platform.isEmpty() ? options : options.withPlatform(Platform.parse(choice.platform));
    }
}
