package dev.slipway.oci.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample tree, laid out by a process of another user and by one without system calls. */
class OrdinaryUserTest {
    private static final String USER = "54321";

    @TempDir
    Path folder;

    private Path home;
    private Path classes;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Tools.isRoot(), "not running as root, who alone may start a process of another user");
        assumeTrue(Tools.isInstalled("setpriv"), "setpriv is not installed");
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        classes = Tools.readableClasses(folder);
        home = Files.createDirectory(folder.resolve("home"));
        Tools.run(folder, "chown", USER + ":" + USER, home.toString());
    }

    private String asUser(String... java) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--no-new-privs", "--"));
        command.addAll(Tools.java(classes, java));
        return Tools.run(home, command.toArray(String[]::new));
    }

    @Test
    void holdsAllThatAUserMayHoldAndNamesTheRest() throws Exception {
        String printed = asUser(SampleTree.class.getName(), home + "/root");

        String time = "1234567890.1234567890";
        String me = USER + ":" + USER;
        Path root = home.resolve("root");
        assertThat(Tools.find(root, Tools.ALL))
                .hasSize(27)
                .contains(
                        String.join("\t", "", "d", "751", me, "7", time, ""),
                        String.join("\t", "closed", "d", "0", me, "3", time, ""),
                        String.join("\t", "closed/in", "d", "500", me, "2", time, ""),
                        String.join("\t", "closed/in/file", "f", "0", me, "1", time, ""),
                        String.join("\t", "shared", "d", "3775", me, "2", time, ""),
                        String.join("\t", "setuid", "f", "6755", me, "1", time, ""),
                        String.join("\t", "ping", "f", "555", me, "1", time, ""),
                        String.join("\t", "noted", "d", "555", me, "2", "-1000000.5000000000", ""),
                        String.join("\t", SampleTree.ODD_NAME, "f", "600", me, "1", time, ""),
                        String.join("\t", "soft2", "l", "777", me, "2", time, "..//x\u00ff/./y/"),
                        String.join("\t", "pipe", "p", "622", me, "1", time, ""),
                        String.join("\t", "closed/again", "f", "664", me, "2", time, ""));
        assertThat(Tools.run(root, "getfattr", "-h", "-d", "-m", "-", "-e", "hex", "noted", "ping", "trusted"))
                .isEqualTo("# file: noted\nuser.note=0x0001ff\n\n# file: ping\nuser.note=0x41\n\n");
        assertThat(printed)
                .contains(
                        "25 owners (/closed, /closed/in, /shared, ...)",
                        "3 special files (/zero, /disk, /zero2)",
                        "2 extended attributes (/ping, /trusted)")
                .doesNotContain("mode", "time");
    }

    @Test
    void fillsAFolderOfItsOwnWhereItMayMakeNothingElse() throws Exception {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        Tools.run(folder, "chown", USER + ":" + USER, mine.toString());

        asUser(SampleTree.class.getName(), mine.toString());

        assertThat(Tools.find(mine, Tools.ALL))
                .hasSize(27)
                .contains(String.join("\t", "", "d", "751", USER + ":" + USER, "7", "1234567890.1234567890", ""));
    }

    @Test
    void leavesNothingOfAFailedUnpackingThatItCouldNotEnterAnyMore() throws Exception {
        String printed = asUser(ClosedFolders.class.getName(), home + "/root");
        assertThat(printed).isEqualTo("closed\n");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void doesWhatTheJdkCanWithoutSystemCalls() throws Exception {
        String printed = asUser("-Dslipway.posix=off", SampleTree.class.getName(), home + "/root", "utf-8");

        Path root = home.resolve("root");
        String time = "1234567890.1234567890";
        String me = USER + ":" + USER;
        assertThat(Tools.find(root, Tools.ALL))
                .hasSize(23)
                .contains(
                        String.join("\t", "", "d", "751", me, "7", time, ""),
                        String.join("\t", "closed/in/file", "f", "0", me, "1", time, ""),
                        String.join("\t", "setuid", "f", "6755", me, "1", time, ""),
                        String.join("\t", "closed/again", "f", "664", me, "2", time, ""),
                        String.join("\t", "sparse", "f", "644", me, "1", time, ""));
        assertThat(Files.size(root.resolve("sparse"))).isEqualTo(SampleTree.SPARSE_SIZE);
        assertThat(printed)
                .contains("There are no system calls, for it is switched off by -Dslipway.posix=off.", "special files");
        assertThat(home.toFile().list()).containsExactly("root");
    }
}
