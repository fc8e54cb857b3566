package dev.slipway.cli.image;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.cli.command.SlipwayCommand;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.cli.terminal.StopSignal;
import dev.slipway.oci.Images;
import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.server.Settings;
import dev.slipway.server.SlipwayHome;

/** What the commands on images share: the images of the home, Ctrl-C, progress. */
abstract class ImageCommand extends SlipwayCommand {
    private static final int SHORT_HEX = 12;

    ImageCommand(Console console) {
        super(console);
    }

    @Override
    protected final int execute() {
        LogSetup.install(console().err(), global.debug());
        SlipwayHome home = SlipwayHome.open(global.home(console().environment()));
        RegistrySettings registries = Settings.read(console().environment()).registries();
        try (StopSignal stop = StopSignal.listen();
                Images images =
                        Images.open(home.content(), registries, console().environment())) {
            return run(images, stop.cancellation());
        }
    }

    /** Does the work and returns the exit status. */
    abstract int run(Images images, Cancellation cancellation);

    final ProgressDisplay progress() {
        return new ProgressDisplay(console());
    }

    /** Prints one line of JSON, or else a line for people. */
    final int result(Object json, String text) {
        console().out().println(global.json() ? json.toString() : text);
        return 0;
    }

    /** Such as {@code sha256:0123456789ab}, for tables. */
    static String shortDigest(Digest digest) {
        String text = digest.toString();
        return text.substring(0, Math.min(text.length(), text.indexOf(':') + 1 + SHORT_HEX));
    }
}
