package dev.slipway.it.image;

import dev.slipway.it.image.LayoutWriter.Layer;
import dev.slipway.it.image.RawTar.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The cases that have a tree for an answer, each below a folder of its own, in an image of two layers. */
final class RegularCases {
    static final String LONG = "n".repeat(180);
    static final String NON_UTF8 = "odd \n\"\\ " + (char) 0xff + (char) 0xfe + " name";
    static final long BIG_ID = 3_000_000_000L;

    private RegularCases() {}

    static List<Layer> layers() {
        return List.of(Layer.gzip(lower()), Layer.gzip(upper()));
    }

    private static byte[] lower() {
        RawTar tar = new RawTar();
        for (int number = 1; number <= 41; number++) {
            tar.directory(String.format("L%02d/", number));
        }
        tar.directory("L01/a").file("L01/a/x", "x");
        tar.directory("L02/a").file("L02/a/x", "x");
        tar.directory("L03/a").file("L03/a/x", "x");
        tar.directory("L04/a").file("L04/a/x", "x").directory("L04/a/s").file("L04/a/s/x", "x");
        tar.directory("L05/a").directory("L05/a/b").file("L05/a/b/old", "old").file("L05/a/old", "old");
        tar.file("L08/x", "x")
                .add(Entry.of('5', "L08/d", 0750).time(1_500_000_000L), "")
                .file("L08/d/only", "only");
        tar.directory("L09/target").file("L09/target/keep", "keep").symbolicLink("L09/d", "target");
        tar.file("L10/f", "lower");
        tar.directory("L12/real").file("L12/real/f", "real").symbolicLink("L12/ln", "real");
        tar.symbolicLink("L13/s", "nowhere");
        tar.directory("L15/usr").directory("L15/usr/lib").symbolicLink("L15/lib", "usr/lib");
        tar.symbolicLink("L16/d", "/L16/etc");
        tar.directory("L18/dir").file("L18/dir/x", "x").file("L18/file", "f");
        tar.directory("L18/tolink").file("L18/tolink/x", "x").symbolicLink("L18/todir", "dir");
        tar.file("L20/f", "a file");
        tar.file("L33/old", "lower");
        return tar.end();
    }

    private static byte[] upper() {
        RawTar tar = new RawTar().global(Map.of("comment", "of the whole archive"));
        tar.directory("L01/a").whiteout("L01/a", "x");
        tar.whiteout("L02", "a").directory("L02/a").file("L02/a/y", "y");
        tar.directory("L03/a").file("L03/a/y", "y").whiteout("L03", "a");
        tar.directory("L04/a").file("L04/a/y", "y").opaque("L04/a");
        tar.directory("L05/a").directory("L05/a/b").file("L05/a/b/z", "z").opaque("L05/a");
        tar.whiteout("L06", "none");
        tar.whiteout("L07/no/such", "x");
        tar.whiteout("L08", "x").whiteout("L08/d", "only");
        tar.opaque("L09/d");
        tar.hardLink("L10/g", "L10/f");
        tar.hardLink("L12/h", "L12/ln/f");
        tar.hardLink("L13/h", "L13/s");
        tar.file("L15/lib/foo", "foo");
        tar.file("L16/d/foo", "foo");
        tar.file("/L17/absolute", "absolute").file("./L17/./dots//here", "dots");
        tar.file("L18/dir", "now a file").directory("L18/file").file("L18/file/y", "y");
        tar.symbolicLink("L18/tolink", "file").directory("L18/todir").file("L18/todir/y", "y");
        tar.directory("L20/f").file("L20/f/x", "x");
        tar.file("L21/missing/parents/f", "f");
        tar.pax("path", "L22/pax-" + LONG).file("short", "pax");
        tar.longName("L22/gnu-" + LONG).file("short", "gnu");
        tar.pax("SCHILY.xattr.security.capability", capability()).file("L24/capable", "c");
        tar.add(Entry.of('0', "L25/setuid", 06755).owner(1, 2), "s");
        tar.add(Entry.of('5', "L25/d", 01777).time(1_400_000_000L), "").file("L25/d/later", "later");
        tar.add(Entry.of('0', "L26/big", 0644).owner(BIG_ID, 70_000), "big");
        tar.add(Entry.of('3', "L27/null", 0666).device(1, 3), "");
        tar.add(Entry.of('4', "L27/disk", 0660).owner(0, 6).device(8, 1), "");
        tar.add(Entry.of('3', "L27/whiteout", 0000).device(0, 0), "");
        tar.add(Entry.of('6', "L27/fifo", 0600), "");
        tar.file("L33/new", "first").file("L33/new", "second").file("L33/old", "upper");
        tar.pax("SCHILY.xattr.trusted.kept", "kept").symbolicLink("L34/link", "x");
        tar.pax("SCHILY.xattr.user.kept", "kept")
                .add(Entry.of('3', "L34/device", 0666).device(1, 5), "");
        tar.pax("SCHILY.xattr.user.kept", "kept").file("L35/f", "f");
        tar.pax("SCHILY.xattr.security.selinux", "s").pax("SCHILY.xattr.user.overlay.opaque", "y");
        tar.file("L35/private", "p");
        tar.pax("mtime", "-1.25").file("L36/negative", "n");
        tar.pax("mtime", "4300000000.123456789").file("L36/late", "l");
        tar.file("L37/" + NON_UTF8, "odd").symbolicLink("L37/link", NON_UTF8);
        tar.file("L38/case", "lower").file("L38/CASE", "upper");
        return tar.end();
    }

    /** CAP_NET_BIND_SERVICE, permitted and effective, as the kernel stores it. */
    private static String capability() {
        byte[] bytes = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
