package dev.slipway.it.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.it.image.LayoutWriter.Layer;
import dev.slipway.it.image.RawTar.Entry;
import dev.slipway.registry.EphemeralRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One image through slipway, umoci and podman, pushed by skopeo and by slipway: the same trees, as find sees them. */
class PeersAgreeTest {
    private static final String LISTING = "%P|%y|%m|%U|%G|%s|%T@|%l|%n\\n";

    @TempDir
    Path folder;

    private Path layout;

    @BeforeEach
    void writeImage() throws Exception {
        Tool.require("find", "skopeo", "umoci", "getfattr");
        assumeTrue(Tool.root(), "skipped: owners and devices need root");
        layout = folder.resolve("layout");
        new LayoutWriter(layout).image("v1", List.of(Layer.gzip(lower()), Layer.gzip(upper())));
    }

    private static byte[] lower() {
        RawTar tar = new RawTar()
                .directory("bin")
                .directory("etc")
                .directory("dev")
                .directory("var")
                .directory("var/cache");
        tar.add(Entry.of('0', "bin/su", 04755), "su").file("bin/tool", "tool").hardLink("bin/tool-link", "bin/tool");
        tar.symbolicLink("bin/sh", "tool").symbolicLink("lib", "usr/lib");
        tar.add(Entry.of('0', "etc/owned", 0640).owner(33, 44).time(1_234_567_890L), "owned");
        tar.pax("SCHILY.xattr.user.note", "kept").file("etc/noted", "noted");
        tar.add(Entry.of('3', "dev/null", 0666).device(1, 3), "").add(Entry.of('6', "dev/pipe", 0600), "");
        tar.file("var/cache/old", "old").file("etc/gone", "gone").file("etc/changed", "before");
        return tar.end();
    }

    private static byte[] upper() {
        RawTar tar = new RawTar().directory("etc").whiteout("etc", "gone").file("etc/changed", "after");
        tar.directory("var").directory("var/cache").opaque("var/cache").file("var/cache/new", "new");
        tar.directory("bin").hardLink("bin/other-name", "bin/tool");
        tar.add(Entry.of('5', "srv", 02775).owner(1, 2).time(1_300_000_000L), "");
        tar.pax("mtime", "1500000000.123456789").file("srv/precise", "p");
        return tar.end();
    }

    @Test
    void whatSkopeoPushesWeUnpackAsUmociDoes() throws Exception {
        try (EphemeralRegistry registry = EphemeralRegistry.start()) {
            String pushed = registry.host() + "/peers/image:v1";
            run("skopeo", "copy", "--dest-tls-verify=false", "oci:" + layout + ":v1", "docker://" + pushed);
            slipway("image", "unpack", pushed, folder.resolve("ours").toString());
        }
        run(
                "umoci",
                "unpack",
                "--image",
                layout + ":v1",
                folder.resolve("bundle").toString());

        assertThat(listing(folder.resolve("ours"))).isEqualTo(listing(folder.resolve("bundle/rootfs")));
        assertThat(attributes(folder.resolve("ours")))
                .isEqualTo(attributes(folder.resolve("bundle/rootfs")))
                .contains("user.note=\"kept\"");
    }

    @Test
    void whatWePushPodmanPullsAndHasTheSameTree() throws Exception {
        Tool.require("podman");
        String[] podman = {
            "podman",
            "--root=" + folder.resolve("storage"),
            "--runroot=" + folder.resolve("run"),
            "--storage-driver=vfs"
        };
        String mounted;
        String listed;
        try (EphemeralRegistry registry = EphemeralRegistry.start()) {
            String pushed = registry.host() + "/peers/image:v1";
            slipway("image", "copy", "oci:" + layout + ":v1", "docker://" + pushed);
            run(podman, "pull", "--tls-verify=false", pushed);
            mounted = run(podman, "image", "mount", pushed).strip();
            listed = listing(Path.of(mounted));
            run(podman, "image", "umount", pushed);
            run(podman, "rmi", pushed);
            slipway("image", "unpack", pushed, folder.resolve("ours").toString());
        }
        assertThat(listing(folder.resolve("ours"))).isEqualTo(listed);
    }

    @Test
    void whatWeSavePodmanAndSkopeoRead() throws Exception {
        Path archive = folder.resolve("saved.tar");
        slipway("image", "copy", "oci:" + layout + ":v1", "content:peers/image:v1");
        slipway("image", "save", "peers/image:v1", "-o", archive.toString());
        slipway("image", "copy", "content:peers/image:v1", "oci-archive:" + folder.resolve("oci.tar") + ":v1");

        String ours = run("skopeo", "inspect", "--raw", "oci-archive:" + folder.resolve("oci.tar") + ":v1");
        assertThat(ours).isEqualTo(run("skopeo", "inspect", "--raw", "oci:" + layout + ":v1"));
        run("skopeo", "copy", "docker-archive:" + archive, "oci:" + folder.resolve("again") + ":v1");
        run(
                "umoci",
                "unpack",
                "--image",
                folder.resolve("again") + ":v1",
                folder.resolve("bundle").toString());
        slipway(
                "image",
                "unpack",
                "content:peers/image:v1",
                folder.resolve("ours").toString());
        assertThat(listing(folder.resolve("ours"))).isEqualTo(listing(folder.resolve("bundle/rootfs")));
    }

    private void slipway(String... arguments) throws Exception {
        Tool.Outcome outcome = Tool.slipway(false, folder.resolve("home"), arguments);
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    private static String run(String[] program, String... arguments) throws Exception {
        String[] all = new String[program.length + arguments.length];
        System.arraycopy(program, 0, all, 0, program.length);
        System.arraycopy(arguments, 0, all, program.length, arguments.length);
        return run(all);
    }

    private static String run(String... command) throws Exception {
        return new String(Tool.bytes(Map.of(), List.of(command)), StandardCharsets.ISO_8859_1);
    }

    /** Sorted; without the root, whose attributes no layer gives, and without the sizes of directories. */
    private static String listing(Path root) throws Exception {
        return run("find", root.toString(), "-mindepth", "1", "-printf", LISTING)
                .lines()
                .map(line -> line.replaceFirst("(\\|d\\|[0-9]+\\|[0-9]+\\|[0-9]+\\|)[0-9]+\\|", "$1"))
                .sorted()
                .reduce("", (all, line) -> all + line + "\n");
    }

    private static String attributes(Path root) throws Exception {
        return run("sh", "-c", "cd '" + root + "' && getfattr -R -h -d -m '^user' . | grep -v '^$' | sort");
    }
}
