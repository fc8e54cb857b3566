package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.oci.tree.TreeSink;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers add up to, by the rules of the OCI image-spec and the cases in which implementations differ. */
class FlattenerTest {
    private final Layers layers = new Layers();

    @Test
    void l1RemovesWhatAWhiteoutNames() {
        layers.dir("a").file("a/x", "1").file("a/y", "2").above().file("a/.wh.x", "");
        assertThat(layers.tree()).containsExactly("a/", "a/y=2");
    }

    @Test
    void l2AndL3KeepWhatTheLayerOfAWhiteoutAddsWhicheverComesFirst() {
        Layers before = new Layers()
                .dir("a")
                .file("a/x", "1")
                .above()
                .file(".wh.a", "")
                .dir("a")
                .file("a/y", "2");
        Layers after = new Layers()
                .dir("a")
                .file("a/x", "1")
                .above()
                .dir("a")
                .file("a/y", "2")
                .file(".wh.a", "");

        assertThat(before.tree()).containsExactly("a/", "a/y=2");
        assertThat(after.tree()).containsExactly("a/", "a/y=2");
    }

    @Test
    void l4AndL5HideOnlyLowerChildrenOfAnOpaqueDirectory() {
        layers.dir("a").dir("a/b").file("a/b/old", "1").file("a/x", "1").above();
        layers.dir("a").dir("a/b").file("a/b/z", "2").file("a/y", "2").file("a/.wh..wh..opq", "");
        assertThat(layers.tree()).containsExactly("a/", "a/b/", "a/b/z=2", "a/y=2");
    }

    @Test
    void emptiesTheRootWhenItIsOpaque() {
        layers.dir("a").file("a/x", "1").file("b", "1").above().file("c", "2").file(".wh..wh..opq", "");
        assertThat(layers.tree()).containsExactly("c=2");
    }

    @Test
    void l6AndL7TakeAWhiteoutOfNothingAsNothing() {
        layers.file("a", "1")
                .above()
                .file(".wh.none", "")
                .file("no/parent/.wh.x", "")
                .file("a/.wh.x", "");
        layers.file("q/.wh..wh..opq", "");
        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l8KeepsADirectoryWhoseOnlyChildIsRemoved() {
        layers.dir("d", 01777).file("d/x", "1").above().file("d/.wh.x", "");
        RecordingSink sink = new RecordingSink();
        layers.into(sink);
        assertThat(sink.lines()).containsExactly("d/");
        assertThat(sink.entries.get(TreePath.parse("d")).attributes().mode()).isEqualTo(01777);
    }

    @Test
    void l9PutsAnOpaqueDirectoryInThePlaceOfALinkWithoutTouchingItsTarget() {
        layers.dir("real").file("real/x", "1").link("d", "real").above();
        layers.file("d/.wh..wh..opq", "").file("d/y", "2");
        assertThat(layers.tree()).containsExactly("d/", "d/y=2", "real/", "real/x=1");
    }

    @Test
    void doesNotFollowALinkThatTheLayerReplacesByADirectory() {
        layers.dir("real").file("real/x", "1").link("d", "real").above();
        layers.file("d/.wh.x", "").dir("d").file("d/y", "2");
        assertThat(layers.tree()).containsExactly("d/", "d/y=2", "real/", "real/x=1");
    }

    @Test
    void removesThroughALinkInTheParentInsideTheRoot() {
        layers.dir("usr")
                .dir("usr/lib")
                .file("usr/lib/x", "1")
                .link("lib", "/usr/lib")
                .above();
        layers.file("lib/.wh.x", "");
        assertThat(layers.tree()).containsExactly("lib -> /usr/lib", "usr/", "usr/lib/");
    }

    @Test
    void l10LinksToAFileOfALowerLayerWhateverBecomesOfItsOldName() {
        layers.file("a", "1").file("b", "1").above();
        layers.hard("c", "a").hard("d", "b").above();
        layers.file("b", "new").file(".wh.a", "");
        assertThat(layers.tree()).containsExactly("b=new", "c=1", "d=1");
    }

    @Test
    void keepsOneFileUnderSeveralNames() {
        layers.dir("z")
                .file("z/first", "1")
                .above()
                .hard("a", "z/first")
                .hard("b", "a")
                .hard("b", "b");
        assertThat(layers.tree()).containsExactly("a => z/first", "b => z/first", "z/", "z/first=1");
    }

    @Test
    void l12AndL13LinkThroughLinkedParentsAndToLinksThemselves() {
        layers.dir("real").file("real/f", "1").link("dir", "/real").link("soft", "real/f");
        layers.hard("h", "dir/f").hard("s", "soft");
        assertThat(layers.tree())
                .containsExactly("dir -> /real", "h => real/f", "real/", "real/f=1", "s => soft", "soft -> real/f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "gone", "none/x", "d", "d/../.."})
    void l11AndL14RefuseHardLinksThatLeadNowhereGood(String target) {
        layers.dir("d").file("gone", "1").above().file(".wh.gone", "").hard("h", target);
        assertThatThrownBy(layers::tree).isInstanceOf(CodedException.class);
    }

    @Test
    void l15AndL16WriteThroughALinkedParentInsideTheRootOnly() {
        layers.dir("usr")
                .dir("usr/lib")
                .link("lib", "usr/lib")
                .link("d", "/etc")
                .link("up", "../../../../var");
        layers.above().file("lib/foo", "1").file("d/passwd", "2").file("up/log", "3");
        assertThat(layers.tree())
                .containsExactly(
                        "d -> /etc",
                        "etc/",
                        "etc/passwd=2",
                        "lib -> usr/lib",
                        "up -> ../../../../var",
                        "usr/",
                        "usr/lib/",
                        "usr/lib/foo=1",
                        "var/",
                        "var/log=3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/../x", "..", "a/b/../../../x"})
    void l17RefusesNamesThatLeadOutOfTheRoot(String name) {
        layers.file(name, "1");
        assertThatThrownBy(layers::tree)
                .isInstanceOf(CodedException.class)
                .hasMessageContaining("leads out of the image");
    }

    @Test
    void l17TakesAbsoluteAndUntidyNamesFromTheRoot() {
        layers.file("/abs/x", "1").file("./b//c/.", "2").file("a/../d", "3");
        assertThat(layers.tree()).containsExactly("abs/", "abs/x=1", "b/", "b/c=2", "d=3");
    }

    @Test
    void l18ReplacesOneKindByAnotherWithoutLeftovers() {
        layers.file("file-dir", "1")
                .dir("dir-file")
                .file("dir-file/x", "1")
                .dir("dir-link")
                .file("dir-link/x", "1");
        layers.link("link-dir", "file-dir").above();
        layers.dir("file-dir")
                .file("dir-file", "2")
                .link("dir-link", "dir-file")
                .dir("link-dir");
        assertThat(layers.tree()).containsExactly("dir-file=2", "dir-link -> dir-file", "file-dir/", "link-dir/");
    }

    @Test
    void keepsTheChildrenOfADirectoryThatIsNamedAgain() {
        layers.dir("d", 0700).file("d/x", "1").above().dir("d", 0711);
        RecordingSink sink = new RecordingSink();
        layers.into(sink);
        assertThat(sink.lines()).containsExactly("d/", "d/x=1");
        assertThat(sink.entries.get(TreePath.parse("d")).attributes().mode()).isEqualTo(0711);
    }

    @Test
    void l19RefusesARootThatIsNoDirectory() {
        layers.link("./", "/etc");
        assertThatThrownBy(layers::tree).hasMessageContaining("the root must be a directory");
    }

    @Test
    void l20AndL21MakeDirectoriesOfWhatLiesInTheWayAndOfWhatIsMissing() {
        layers.file("f", "1").above().file("f/x", "2").file("p/q/r", "3");
        RecordingSink sink = new RecordingSink();
        layers.into(sink);
        assertThat(sink.lines()).containsExactly("f/", "f/x=2", "p/", "p/q/", "p/q/r=3");
        assertThat(sink.entries.get(TreePath.parse("p")).attributes().mode()).isEqualTo(0755);
    }

    @Test
    void l33LetsTheLastOfTwoEntriesWinAndKeepsLinksToTheFirst() {
        layers.file("f", "1").hard("g", "f").file("f", "2");
        assertThat(layers.tree()).containsExactly("f=2", "g=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {".wh.", "a/.wh.", ".wh..", ".wh...", ".wh.a/b"})
    void refusesWhiteoutsThatNameNothing(String name) {
        layers.dir("a").above().file(name, "");
        assertThatThrownBy(layers::tree).isInstanceOf(CodedException.class).hasMessageContaining("whiteout");
    }

    @Test
    void leavesOutTheFilesOfOldUnionFileSystems() {
        layers.file(".wh..wh.aufs", "")
                .dir(".wh..wh.plnk")
                .file(".wh..wh.plnk/1.2", "x")
                .file("a", "1");
        assertThat(layers.tree()).containsExactly("a=1");
    }

    @Test
    void l27HandsOverDevicesAndDoesNotTakeAnyForAWhiteout() {
        layers.file("w", "1")
                .above()
                .device("w", 0, 0)
                .device("null", 1, 3)
                .fifo("pipe")
                .hard("null2", "null");
        assertThat(layers.tree()).containsExactly("null c1,3", "null2 => null", "pipe fifo", "w c0,0");
    }

    @Test
    void l22AndL37AndL38KeepCaseAndExactBytesOfNames() {
        layers.file("A", "1")
                .file("a", "2")
                .file("new\nline", "3")
                .file("quo\"te\\", "4")
                .file("\u00ff\u00fe", "5");
        layers.file("long/" + "n".repeat(200) + "/" + "m".repeat(200), "6");
        assertThat(layers.tree())
                .contains("A=1", "a=2", "new\nline=3", "quo\"te\\=4", "\u00ff\u00fe=5")
                .contains("long/" + "n".repeat(200) + "/" + "m".repeat(200) + "=6");
    }

    @Test
    void l24AndL26AndL35AndL36HandOverAttributesExactly() {
        Map<String, byte[]> xattrs = Map.of(
                "security.capability", new byte[] {1, 0, (byte) 255},
                "security.selinux", new byte[] {1},
                "trusted.overlay.opaque", new byte[] {'y'},
                "user.n", "v=1\n".getBytes(StandardCharsets.UTF_8));
        Instant time = Instant.ofEpochSecond(-5, 123_456_789);
        layers.file("f", "x", new Attributes(06755, 3_000_000_000L, 2_097_152, time, xattrs));
        layers.file("late", "x", Attributes.of(0, Instant.ofEpochSecond(20_000_000_000L)));
        RecordingSink sink = new RecordingSink();
        layers.into(sink);

        Attributes attributes = sink.entries.get(TreePath.parse("f")).attributes();
        assertThat(attributes.mode()).isEqualTo(06755);
        assertThat(attributes.uid()).isEqualTo(3_000_000_000L);
        assertThat(attributes.gid()).isEqualTo(2_097_152);
        assertThat(attributes.modified()).isEqualTo(time);
        assertThat(attributes.xattrs()).containsOnlyKeys("security.capability", "user.n");
        assertThat(attributes.xattrs().get("security.capability")).containsExactly(1, 0, 255);
        assertThat(sink.entries.get(TreePath.parse("late")).attributes().modified())
                .isEqualTo(Instant.ofEpochSecond(20_000_000_000L));
    }

    @Test
    void l41AppliesALayerThatIsListedTwiceTwice() {
        layers.file("a", "1").above().file(".wh.a", "").file("b", "1").above();
        layers.descriptors().add(layers.descriptors().getFirst());
        layers.diffIds().add(layers.diffIds().getFirst());
        assertThat(layers.tree()).containsExactly("a=1", "b=1");
    }

    @Test
    void endsLoopsOfLinks() {
        layers.link("a", "b").link("b", "a").file("a/x", "1");
        assertThatThrownBy(layers::tree).hasMessageContaining("more than 40 symbolic links");
    }

    @Test
    void refusesTreesTooDeepToWalk() {
        layers.file("d/".repeat(1000) + "x", "1").link("l", "d/".repeat(900)).above();
        layers.file("l/" + "e/".repeat(900) + "x", "1");
        assertThatThrownBy(layers::tree).hasMessageContaining("deeper than 1024");
        assertThatThrownBy(() -> TreePath.parse("d/".repeat(1025))).hasMessageContaining("deeper than 1024");
    }

    @Test
    void readsNoLayerTwiceThatHasNothingLeft() {
        layers.file("a", "1").above().file("a", "2").above();
        RecordingSink sink = new RecordingSink();
        layers.into(sink);
        assertThat(sink.entries.get(TreePath.parse("a"))).isInstanceOf(TreeEntry.RegularFile.class);
        assertThat(sink.lines()).containsExactly("a=2");
    }

    @Test
    void needsOnePassForLayersAsToolsWriteThem() {
        layers.dir("./")
                .dir("a")
                .file("a/x", "1")
                .dir("b")
                .file("b/y", "1")
                .hard("b/z", "b/y")
                .above();
        layers.dir("a")
                .file("a/.wh.x", "")
                .file("a/n", "2")
                .dir("b")
                .file("b/.wh..wh..opq", "")
                .link("b/s", "n");
        assertThat(layers.tree()).containsExactly("a/", "a/n=2", "b/", "b/s -> n");
        assertThat(layers.areRegular()).isTrue();
    }

    @Test
    void needsOnePassForALowestLayerThatLeavesParentsOut() {
        layers.file("usr/bin/x", "1")
                .file("usr/lib/y", "2")
                .above()
                .dir("usr", 0700)
                .file("usr/.wh.lib", "");
        assertThat(layers.tree()).containsExactly("usr/", "usr/bin/", "usr/bin/x=1");
        assertThat(layers.areRegular()).isTrue();
    }

    @Test
    void doesNotTakeAHigherDirectoryForTheParentOfALowerEntry() {
        // When the second layer is applied, d is still a link: what comes above must not change where x lies.
        layers.dir("real").link("d", "real").above();
        layers.file("d/x", "1").above().dir("d");
        assertThat(layers.tree()).containsExactly("d/", "real/", "real/x=1");
        assertThat(layers.areRegular()).isFalse();
    }

    @Test
    void hidesWhatLiesBelowAFileThatADirectoryReplaces() {
        layers.dir("d")
                .file("d/old", "1")
                .above()
                .file("d", "2")
                .above()
                .dir("d")
                .file("d/new", "3");
        assertThat(layers.tree()).containsExactly("d/", "d/new=3");
        assertThat(layers.areRegular()).isTrue();
    }

    @Test
    void keepsAFileWhoseFirstNameAHigherLayerTakes() {
        layers.file("a", "1").hard("b", "a").above().file("a", "2");
        assertThat(layers.tree()).containsExactly("a=2", "b=1");
    }

    @Test
    void l40TakesHundredsOfThousandsOfEntriesInOnePass() {
        for (int directory = 0; directory < 300; directory++) {
            layers.dir("d" + directory);
            for (int file = 0; file < 1000; file++) {
                layers.file("d" + directory + "/f" + file, "");
            }
        }
        layers.above().dir("d0").file("d0/.wh.f0", "");
        CountingSink sink = new CountingSink();
        layers.into(sink);
        assertThat(sink.entries).isEqualTo(1 + 300 + 300 * 1000 - 1);
        assertThat(sink.resets).isZero();
    }

    private static final class CountingSink implements TreeSink {
        private int entries;
        private int resets;

        @Override
        public void add(TreeEntry entry, InputStream content) {
            entries++;
        }

        @Override
        public void reset() {
            resets++;
        }

        @Override
        public void finish() {}
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                "application/vnd.docker.image.rootfs.diff.tar.gzip"
            })
    void l42TakesLayersOfEveryKindForLayers(String mediaType) {
        layers.file("a", "1").above();
        Layers renamed = new Layers();
        renamed.blob(
                mediaType,
                layers.bytes(layers.descriptors().getFirst()),
                layers.diffIds().getFirst());
        assertThat(renamed.tree()).containsExactly("a=1");
    }
}
