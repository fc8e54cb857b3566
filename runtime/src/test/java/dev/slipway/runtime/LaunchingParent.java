package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import java.nio.file.Path;

/** A program that starts a backend and then waits to be killed. */
public final class LaunchingParent {
    private LaunchingParent() {}

    /** Argument: a folder with a run.sh. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        LaunchSpec spec = new LaunchSpec(
                "fake", folder.resolve("run.sh"), BackendFolder.environment(), folder.resolve("fake.log"));
        new BackendLauncher(BackendFolder.TIMES).launch(spec, Cancellation.never());
        System.out.println("ready");
        Thread.currentThread().join();
    }
}
