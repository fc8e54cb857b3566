package dev.slipway.it.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.it.Repository;
import dev.slipway.it.image.FoundTree.Found;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program pulls and unpacks an image of all regular layer cases; GNU find and getfattr read the tree. */
@ParameterizedClass(name = "as an ordinary user: {0}")
@ValueSource(booleans = {false, true})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayerCasesTest {
    private static final String DEFAULT_TIME = "1600000000.0000000000";

    @Parameter
    boolean ordinaryUser;

    private Path folder;
    private FoundTree tree;
    private FoundTree encodings;
    private Tool.Outcome outcome;
    private boolean privileged;

    @BeforeAll
    void unpack() throws Exception {
        Tool.require("find", "setpriv", "zstd");
        boolean root = Tool.root();
        assumeTrue(ordinaryUser || root, "skipped: only root can give files to others; the ordinary user's part runs");
        privileged = !ordinaryUser;
        folder = Files.createTempDirectory("layer-cases");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        if (ordinaryUser && root) {
            assumeTrue(Tool.reachableByUser(), "skipped: another user cannot reach " + Repository.DISTRIBUTION);
        }
        Path layout = folder.resolve("layout");
        LayoutWriter images = new LayoutWriter(layout);
        images.image("cases", RegularCases.layers());
        images.image("encodings", EncodedCases.layers(folder));
        outcome = unpack("cases", ordinaryUser && root);
        tree = FoundTree.read(folder.resolve("cases"));
        unpack("encodings", ordinaryUser && root);
        encodings = FoundTree.read(folder.resolve("encodings"));
    }

    private Tool.Outcome unpack(String tag, boolean asUser) throws Exception {
        Tool.Outcome ended = Tool.slipway(
                asUser,
                folder,
                "image",
                "unpack",
                "oci:" + folder.resolve("layout") + ":" + tag,
                folder.resolve(tag).toString());
        assertThat(ended.status()).as(ended.err()).isZero();
        return ended;
    }

    @AfterAll
    void remove() throws Exception {
        if (folder != null) {
            Tool.run(Map.of(), List.of("rm", "-rf", folder.toString()));
        }
    }

    @Test
    void case01WhiteoutRemovesALowerFile() {
        assertThat(tree.below("L01")).containsExactly("d a");
    }

    @Test
    void case02And03WhiteoutSparesItsOwnLayerWhicheverComesFirst() {
        assertThat(tree.below("L02")).containsExactly("d a", "f a/y");
        assertThat(tree.below("L03")).containsExactly("d a", "f a/y");
    }

    @Test
    void case04And05OpaqueHidesLowerChildrenOnly() {
        assertThat(tree.below("L04")).containsExactly("d a", "f a/y");
        assertThat(tree.below("L05")).containsExactly("d a", "d a/b", "f a/b/z");
    }

    @Test
    void case06And07WhiteoutsOfNothingChangeNothing() {
        assertThat(tree.below("L06")).isEmpty();
        assertThat(tree.below("L07")).isEmpty();
    }

    @Test
    void case08TheEmptiedDirectoryStaysAsItWas() {
        assertThat(tree.below("L08")).containsExactly("d d");
        assertThat(tree.at("L08/d").mode()).isEqualTo("750");
        assertThat(tree.at("L08/d").time()).isEqualTo("1500000000.0000000000");
    }

    @Test
    void case09AnOpaqueMarkerReplacesTheLinkAndSparesItsTarget() {
        assertThat(tree.below("L09")).containsExactly("d d", "d target", "f target/keep");
    }

    @Test
    void case10AHardLinkReachesALowerFile() {
        assertThat(tree.at("L10/g").inode()).isEqualTo(tree.at("L10/f").inode());
        assertThat(tree.at("L10/f").links()).isEqualTo(2);
    }

    @Test
    void case12And13HardLinksResolveInsideTheRootAndLinkLinks() {
        assertThat(tree.at("L12/h").inode()).isEqualTo(tree.at("L12/real/f").inode());
        assertThat(tree.at("L13/h").type()).isEqualTo('l');
        assertThat(tree.at("L13/h").inode()).isEqualTo(tree.at("L13/s").inode());
    }

    @Test
    void case15And16LinksOnTheWayAreFollowedInsideTheRoot() {
        assertThat(tree.below("L15")).containsExactly("l lib", "d usr", "d usr/lib", "f usr/lib/foo");
        assertThat(tree.below("L16")).containsExactly("l d", "d etc", "f etc/foo");
        assertThat(Path.of("/L16")).doesNotExist();
    }

    @Test
    void case17AbsoluteNamesAreRelativeToTheRoot() {
        assertThat(tree.below("L17")).containsExactly("f absolute", "d dots", "f dots/here");
    }

    @Test
    void case18OnlyTheSecondKindIsThere() {
        assertThat(tree.below("L18"))
                .containsExactly("f dir", "d file", "f file/y", "d todir", "f todir/y", "l tolink");
    }

    @Test
    void case20And21ParentsAreMade() {
        assertThat(tree.below("L20")).containsExactly("d f", "f f/x");
        assertThat(tree.at("L21/missing").mode()).isEqualTo("755");
        assertThat(tree.at("L21/missing/parents").type()).isEqualTo('d');
        if (privileged) {
            assertThat(tree.at("L21/missing").uid()).isZero();
        }
    }

    @Test
    void case22And23LongNamesAreExactAndGlobalHeadersNoEntries() {
        assertThat(tree.below("L22")).containsExactly("f gnu-" + RegularCases.LONG, "f pax-" + RegularCases.LONG);
        assertThat(tree.below("L23")).isEmpty();
    }

    @Test
    void case24And35ExtendedAttributes() throws Exception {
        Tool.require("getfattr");
        assertThat(attributes("L35/f")).contains("user.kept=\"kept\"");
        assertThat(attributes("L35/private")).doesNotContain("user.overlay").doesNotContain("=\"s\"");
        if (privileged) {
            assertThat(attributes("L24/capable")).contains("security.capability=0sAQAAAgAEAAAAAAAAAAAAAAAAAAA=");
        }
    }

    private String attributes(String path) throws Exception {
        byte[] shown = Tool.bytes(
                Map.of("LC_ALL", "C"),
                List.of(
                        "getfattr",
                        "-h",
                        "--absolute-names",
                        "-d",
                        "-m",
                        "-",
                        tree.root().resolve(path).toString()));
        return new String(shown, StandardCharsets.ISO_8859_1);
    }

    @Test
    void case25SetIdSurvivesAndDirectoryTimesComeLast() {
        assertThat(tree.at("L25/setuid").mode())
                .isEqualTo(privileged ? "6755" : tree.at("L25/setuid").mode());
        assertThat(tree.at("L25/d").mode()).isEqualTo("1777");
        assertThat(tree.at("L25/d").time()).isEqualTo("1400000000.0000000000");
        assertThat(tree.at("L01").time()).isEqualTo(DEFAULT_TIME);
    }

    @Test
    void case26And27OwnersAndSpecialFiles() {
        if (privileged) {
            assertThat(tree.at("L26/big").uid()).isEqualTo(RegularCases.BIG_ID);
            assertThat(tree.at("L26/big").gid()).isEqualTo(70_000);
            assertThat(tree.below("L27")).containsExactly("b disk", "p fifo", "c null", "c whiteout");
            assertThat(tree.at("L27/disk").gid()).isEqualTo(6);
        } else {
            assertThat(tree.at("L26/big").type()).isEqualTo('f');
            assertThat(tree.below("L27")).containsExactly("p fifo");
            assertThat(outcome.err()).contains("owner").contains("special file");
        }
    }

    @Test
    void case28To32LayersAreReadHoweverTheyAreStored() {
        assertThat(encodings.at("L28").size()).isEqualTo("content".length());
        assertThat(encodings.at("L29").size()).isEqualTo("content".length());
        assertThat(encodings.at("L30").size()).isEqualTo("content".length());
        assertThat(encodings.at("L31-zstd").size()).isEqualTo("content".length());
        assertThat(encodings.at("L31-plain").size()).isEqualTo("content".length());
        assertThat(encodings.at("L32").size()).isEqualTo("content".length());
    }

    @Test
    void case40And41ManyEntriesAndALayerTwice() {
        assertThat(encodings.below("L40")).hasSize(EncodedCases.MANY + 100);
        assertThat(encodings.at("L41-a").links()).isEqualTo(2);
        assertThat(encodings.at("L41-b").inode())
                .isEqualTo(encodings.at("L41-a").inode());
    }

    @Test
    void case34WhatALinkCannotHaveIsTold() throws Exception {
        Tool.require("getfattr");
        if (privileged) {
            assertThat(attributes("L34/link")).contains("trusted.kept=\"kept\"");
            assertThat(outcome.err()).contains("extended attribute").contains("L34/device");
        } else {
            assertThat(attributes("L34/link")).doesNotContain("trusted");
        }
        assertThat(tree.at("L34/link").type()).isEqualTo('l');
    }

    @Test
    void case33TheLastOfTwoEntriesWins() throws Exception {
        assertThat(Files.readString(tree.root().resolve("L33/new"))).isEqualTo("second");
        assertThat(Files.readString(tree.root().resolve("L33/old"))).isEqualTo("upper");
        assertThat(tree.at("L33/new").links()).isEqualTo(1);
    }

    @Test
    void case36TimesBefore1970AndBeyond2038() {
        // How find writes 1.25 seconds before 1970: the second that had begun, then the part of it that had passed.
        assertThat(tree.at("L36/negative").time()).isEqualTo("-2.7500000000");
        assertThat(tree.at("L36/late").time()).isEqualTo("4300000000.1234567890");
    }

    @Test
    void case37And38NamesAreBytes() {
        assertThat(tree.below("L37")).containsExactlyInAnyOrder("l link", "f " + RegularCases.NON_UTF8);
        assertThat(tree.at("L37/link").link()).isEqualTo(RegularCases.NON_UTF8);
        assertThat(tree.below("L38")).containsExactlyInAnyOrder("f CASE", "f case");
        Found lower = tree.at("L38/case");
        assertThat(lower.inode()).isNotEqualTo(tree.at("L38/CASE").inode());
    }
}
