package dev.slipway.bench.unpack;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An empty ext4 file system in a sparse file, for one run: on a file system that a large tree was just deleted from, ext4
 * creates files many times slower for minutes. Needs root.
 */
final class FreshDisk implements AutoCloseable {
    private final Path image;
    private final Path mount;

    /** Makes and mounts one below the folder. */
    FreshDisk(Path folder) throws IOException, InterruptedException {
        image = folder.resolve("disk.img");
        mount = folder.resolve("disk");
        release();
        Files.createDirectories(mount);
        // All tables are written at once, so that no kernel thread does so while the clock runs.
        Shell.run("rm -f %1$s; truncate -s 16G %1$s; mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 %1$s"
                .formatted(image));
        Shell.run("mount -o loop,noatime %s %s; mkdir %2$s/home %2$s/tmp; sync".formatted(image, mount));
    }

    Path path() {
        return mount;
    }

    /** Variables that keep everything a program writes on this file system. */
    Map<String, String> environment() {
        return Map.of(
                "HOME", mount + "/home",
                "TMPDIR", mount + "/tmp",
                "XDG_DATA_HOME", mount + "/home/.local/share",
                "XDG_CONFIG_HOME", mount + "/home/.config",
                "XDG_CACHE_HOME", mount + "/home/.cache",
                "XDG_RUNTIME_DIR", mount + "/tmp",
                "LC_ALL", "C.UTF-8");
    }

    /** Has the kernel forget what it holds of files, so that a run begins cold. */
    static void dropCaches() throws IOException, InterruptedException {
        Shell.run("sync; echo 3 > /proc/sys/vm/drop_caches");
    }

    private void release() throws IOException, InterruptedException {
        List<String> mounted = Files.readAllLines(Path.of("/proc/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .filter(path -> path.equals(mount.toString()) || path.startsWith(mount + "/"))
                .toList();
        for (String path : mounted.reversed()) {
            Shell.run("umount " + path);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        release();
        AtomicFiles.deleteRecursively(image);
    }
}
