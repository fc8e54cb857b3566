package dev.slipway.oci.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.diff.TreeNode.Property;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.posix.Posix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees made by shell commands, packed by GNU tar; what differs is known from the commands. */
class TreeDiffTest {
    private static final String TREE = """
            mkdir -p t/dir/deep t/empty && cd t
            printf content > dir/file && ln dir/file dir/hard && ln -s ../empty dir/deep/soft
            printf "odd" > "$(printf 'odd\\377\\303\\274')"
            truncate -s 5M sparse && printf data | dd of=sparse bs=1 seek=3000000 conv=notrunc status=none
            mkfifo fifo && mknod null c 1 3 && mknod block b 7 9 && chown 12:34 dir/deep
            chmod 4755 dir/file && chmod 1777 empty && setfattr -n user.note -v hello dir
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void requireRootAndTools() throws Exception {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        boolean root = Posix.effectiveUser() == 0;
        if (!root) {
            System.err.println("Skipped: only root makes devices and gives files away.");
        }
        assumeTrue(root, "only root makes devices and gives files away");
        boolean made = tryRun(TREE);
        if (!made) {
            System.err.println("Skipped: this file system or container cannot hold the tree that is compared.");
        }
        assumeTrue(made, "this file system or container cannot hold the tree that is compared");
    }

    @Test
    void findsNoDifferenceBetweenAFolderAndItsImage() throws Exception {
        TreeSummary image = image("t");
        TreeSummary tree = TreeSummary.of(folder.resolve("t"), Cancellation.never());

        assertThat(changes(image, tree)).isEmpty();
        assertThat(image.size()).isEqualTo(12);
        TreeNode sparse = image.node(TreePath.parse("sparse")).orElseThrow();
        assertThat(sparse.content()).contains(Digest.sha256(folder.resolve("t/sparse")));
    }

    @Test
    void saysWhatEveryCommandChanged() throws Exception {
        TreeSummary before = image("t");
        run(
                "cp -a t u && cd u && "
                        + "chmod 755 dir/file && chown 9:9 dir/deep && ln -sf nowhere dir/deep/soft && printf longer > dir/hard"
                        + " && setfattr -n user.note -v other dir && rm fifo && mkdir fifo && rm -r empty && printf new > new"
                        + " && rm null && mknod null c 1 5 && printf atad | dd of=sparse bs=1 seek=3000000 conv=notrunc status=none");

        assertThat(changes(before, image("u")))
                .isEqualTo(changes(before, TreeSummary.of(folder.resolve("u"), Cancellation.never())))
                .containsExactly(
                        "~/dir [XATTRS]",
                        "~/dir/deep [OWNER]",
                        "~/dir/deep/soft [LINK_TARGET]",
                        "~/dir/file [CONTENT, MODE, SIZE]",
                        "~/dir/hard [CONTENT, MODE, SIZE]",
                        "-/empty",
                        "~/fifo [TYPE]",
                        "+/new",
                        "~/null [DEVICE]",
                        "~/sparse [CONTENT]");
    }

    @Test
    void tellsCopiesFromHardLinks() throws Exception {
        TreeSummary before = image("t");
        run("cp -a t u && cd u && rm dir/hard && cp -a dir/file dir/hard");

        assertThat(changes(before, image("u"))).containsExactly("~/dir/file [HARD_LINKS]", "~/dir/hard [HARD_LINKS]");
        List<String> ignoring = new ArrayList<>();
        before.compare(image("u"), Set.of(Property.HARD_LINKS), change -> ignoring.add(text(change)));
        assertThat(ignoring).isEmpty();
    }

    private static List<String> changes(TreeSummary before, TreeSummary after) {
        List<String> changes = new ArrayList<>();
        before.compare(after, Set.of(), change -> changes.add(text(change)));
        return changes;
    }

    private static String text(TreeChange change) {
        return switch (change) {
            case TreeChange.Added(TreePath path, TreeNode _) -> "+" + path;
            case TreeChange.Removed(TreePath path, TreeNode _) -> "-" + path;
            case TreeChange.Changed(TreePath path, TreeNode _, TreeNode _, Set<Property> properties) ->
                "~" + path + " "
                        + properties.stream().map(Property::name).sorted().toList();
        };
    }

    private TreeSummary image(String tree) throws Exception {
        run("tar -C " + tree + " --xattrs --numeric-owner -S --format=pax -cf " + tree + ".tar .");
        MemoryContentStore store = new MemoryContentStore();
        Descriptor descriptor = ImageBuilder.forPlatform(Platform.host())
                .tarLayer(folder.resolve(tree + ".tar"))
                .build(store);
        ImageManifest manifest =
                (ImageManifest) ManifestDocument.parse(store.read(descriptor.digest(), ManifestDocument.MAX_SIZE), "");
        ImageConfig config = ImageConfig.parse(store.read(manifest.config().digest(), ImageConfig.MAX_SIZE));
        return TreeSummary.of(manifest, config, LayerSource.of(store), ProgressListener.NONE, Cancellation.never());
    }

    private void run(String script) throws Exception {
        assertThat(tryRun(script)).as(script).isTrue();
    }

    private boolean tryRun(String script) throws Exception {
        Process process = new ProcessBuilder("bash", "-ec", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            System.err.println(output);
        }
        return process.exitValue() == 0;
    }
}
