package dev.slipway.gallery;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import java.nio.file.Path;

/** A program that installs a backend and ends, as by a power cut, after a given step. */
public final class HaltingInstall {
    static final int HALTED = 99;

    private HaltingInstall() {}

    /** Arguments: the folder, the script, the step. */
    public static void main(String[] arguments) {
        FolderSource source = new FolderSource().with("x/echo", arguments[1]);
        BackendInstaller installer = new BackendInstaller(Path.of(arguments[0]), source, step -> {
            if (step.name().equals(arguments[2])) {
                Runtime.getRuntime().halt(HALTED);
            }
        });
        installer.upgrade(GalleryEntry.of("echo", "x/echo"), ProgressListener.NONE, Cancellation.never());
    }
}
