package dev.slipway.oci.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.oci.tree.Extent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
    void readsEveryFormatThatGnuTarWrites(String format) throws Exception {
        Path source = Files.createDirectory(folder.resolve("source"));
        boolean longNames = !format.equals("v7");
        String deep = longNames ? "d".repeat(60) + "/" + "e".repeat(80) : "d";
        Files.createDirectories(source.resolve(deep));
        Files.writeString(source.resolve(deep + "/file"), "content");
        Files.createSymbolicLink(source.resolve("soft"), Path.of(longNames ? "t".repeat(99) : "t"));
        Files.createLink(source.resolve("a-name"), source.resolve(deep + "/file"));

        List<TarHeader> headers =
                pack(source, "--format=" + format, "--mtime=@1234567890", "--owner=77777", "--group=5");

        assertThat(headers).extracting(TarHeader::name).contains("./", "./" + deep + "/", "./soft");
        assertThat(headers).extracting(TarHeader::type).containsOnlyOnce(TarType.FILE, TarType.HARD_LINK);
        assertThat(headers).allSatisfy(header -> {
            assertThat(header.attributes().modified()).isEqualTo(Instant.ofEpochSecond(1234567890));
            assertThat(header.attributes().uid()).isEqualTo(77777);
            assertThat(header.attributes().gid()).isEqualTo(5);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix"})
    void readsNumbersAndNamesThatNeedExtensions(String format) throws Exception {
        Path source = Files.createDirectory(folder.resolve("source"));
        String name = "n".repeat(250);
        Files.writeString(source.resolve(name), "x");
        Files.createSymbolicLink(source.resolve("soft"), Path.of("t".repeat(300)));

        List<TarHeader> headers =
                pack(source, "--format=" + format, "--owner=:4000000000", "--group=:2097152", "--mtime=@-5");

        assertThat(headers).extracting(TarHeader::name).contains("./" + name);
        assertThat(headers).extracting(TarHeader::linkName).contains("t".repeat(300));
        assertThat(headers).allSatisfy(header -> {
            assertThat(header.attributes().uid()).isEqualTo(4_000_000_000L);
            assertThat(header.attributes().gid()).isEqualTo(2_097_152L);
            assertThat(header.attributes().modified()).isEqualTo(Instant.ofEpochSecond(-5));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=gnu",
                "--format=posix --sparse-version=0.0",
                "--format=posix --sparse-version=0.1",
                "--format=posix --sparse-version=1.0"
            })
    void readsSparseFilesInAllTheirForms(String form) throws Exception {
        Path source = Files.createDirectory(folder.resolve("source"));
        byte[] many = new byte[60 * (1 << 16)];
        for (int i = 0; i < 60; i++) {
            Arrays.fill(many, i << 16, (i << 16) + 4096, (byte) (i + 1));
        }
        sparse(source.resolve("many"), many);
        byte[] end = new byte[10 << 20];
        end[end.length - 1] = 7;
        sparse(source.resolve("end"), end);
        sparse(source.resolve("nothing"), new byte[5 << 20]);
        Files.writeString(source.resolve("dense"), "dense");

        Map<String, byte[]> contents = new HashMap<>();
        List<String> options = new ArrayList<>(List.of("--sparse"));
        options.addAll(List.of(form.split(" ")));
        for (Map.Entry<TarHeader, byte[]> entry :
                unpack(archive(source, options.toArray(String[]::new))).entrySet()) {
            TarHeader header = entry.getKey();
            byte[] whole = new byte[(int) header.size()];
            int at = 0;
            for (Extent extent : header.extents()) {
                System.arraycopy(entry.getValue(), at, whole, (int) extent.offset(), (int) extent.length());
                at += (int) extent.length();
            }
            boolean holes = !header.extents().isEmpty();
            contents.put(header.name(), holes ? whole : entry.getValue());
            assertThat(entry.getValue()).hasSize(holes ? at : (int) header.size());
            assertThat(holes)
                    .as(header.name())
                    .isEqualTo(List.of("./many", "./end", "./nothing").contains(header.name()));
        }

        assertThat(contents).containsKeys("./many", "./end", "./nothing", "./dense");
        assertThat(contents.get("./many")).isEqualTo(many);
        assertThat(contents.get("./end")).isEqualTo(end);
        assertThat(contents.get("./nothing")).isEqualTo(new byte[5 << 20]);
        assertThat(contents.get("./dense")).isEqualTo("dense".getBytes(StandardCharsets.UTF_8));
    }

    private static void sparse(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (int at = 0; at < content.length; at += 4096) {
                if (!Arrays.equals(content, at, at + 4096, new byte[4096], 0, 4096)) {
                    channel.write(ByteBuffer.wrap(content, at, 4096), at);
                }
            }
        }
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            whole.setLength(content.length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GNU.sparse.map=0,1", // no size
                "GNU.sparse.size=10 GNU.sparse.map=0",
                "GNU.sparse.size=10 GNU.sparse.map=5,6",
                "GNU.sparse.size=10 GNU.sparse.map=5,1,5,1",
                "GNU.sparse.size=10 GNU.sparse.map=-1,1",
                "GNU.sparse.size=-1 GNU.sparse.map=0,0",
                "GNU.sparse.size=9999 GNU.sparse.map=0,9223372036854775807",
                "GNU.sparse.size=10 GNU.sparse.map=0,5", // the archive has less
                "GNU.sparse.major=1 GNU.sparse.minor=0 GNU.sparse.realsize=10",
                "GNU.sparse.major=2 GNU.sparse.minor=0 GNU.sparse.realsize=10",
                "GNU.sparse.major=1 GNU.sparse.minor=7 GNU.sparse.realsize=10"
            })
    void refusesMalformedSparseMaps(String records) {
        StringBuilder body = new StringBuilder();
        for (String record : records.split(" ")) {
            body.append(record.length() + 4).append(' ').append(record).append('\n');
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(concat(concat(extension('x', bytes), bytes, 512), header('0'))))
                .isInstanceOf(CodedException.class)
                .hasMessageContaining("tar archive failed");
    }

    @Test
    void ignoresRecordsForTheWholeArchiveAndThoseTakenBack() throws Exception {
        byte[] global = "15 path=global\n12 uid=1000\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] own = "12 uid=2000\n7 uid=\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] archive = concat(extension('g', global), global, 512);
        archive = concat(concat(concat(archive, extension('x', own)), own, 512), header('0'));

        assertThat(read(archive)).singleElement().satisfies(header -> {
            assertThat(header.name()).isEqualTo("n");
            assertThat(header.attributes().uid()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0",
        "1.5,1,500000000",
        "-1.5,-2,500000000",
        "-0.000000001,-1,999999999",
        "12.,12,0",
        ".25,0,250000000",
        "1.123456789999,1,123456789",
        "-1.1234567890001,-2,876543210",
        "1.000000000000,1,0",
        "-7.0000000000000,-7,0"
    })
    void readsTimesToTheNanosecond(String text, long seconds, int nanos) throws Exception {
        String record = " mtime=" + text + "\n";
        byte[] body = (record.length() + (record.length() < 8 ? 1 : 2) + record).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(read(concat(concat(extension('x', body), body, 512), header('0'))))
                .singleElement()
                .satisfies(header ->
                        assertThat(header.attributes().modified()).isEqualTo(Instant.ofEpochSecond(seconds, nanos)));
    }

    @Test
    void saysWhereContentBegins() throws Exception {
        byte[] header = header('0');
        byte[] size = "00000000010".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(size, 0, header, 124, size.length);
        sum(header);
        TarReader reader =
                new TarReader(new ByteArrayInputStream(concat(concat(header, new byte[8], 512), header('0'))));
        reader.next();
        assertThat(reader.position()).isEqualTo(512);
        InputStream first = reader.content();
        reader.next();
        assertThat(reader.position()).isEqualTo(1536);
        assertThatThrownBy(first::read).isInstanceOf(IOException.class).hasMessageContaining("past this entry");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        byte[] header = header('0');
        assertThat(read(header)).hasSize(1);

        assertThatThrownBy(() -> read(header('D'))).hasMessageContaining("type 'D'");
        assertThatThrownBy(() -> read(header('s'))).hasMessageContaining("type 's'");
        header[0] ^= 1;
        assertThatThrownBy(() -> read(header)).hasMessageContaining("check sum");
        assertThatThrownBy(() -> read(concat(new byte[512], header('0')))).hasMessageContaining("zero block");
        assertThatThrownBy(() -> read(header('x'))).hasMessageContaining("extended header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99 path=x\n",
                "5 a=\nx",
                "0 \n",
                "-1 a=b\n",
                "x",
                "6 path\n",
                "999999999999 a=b\n",
                "13 size=-12\n",
                "15 size=99999x\n",
                "17 uid=99999999999\n",
                "22 mtime=9999999999999\n",
                "20 mtime=1e999999999\n",
                "9 mtime=-\n",
                "9 mtime=.\n",
                "12 mtime=1.-5\n",
                "12 mtime=--15\n",
                "44 mtime=99999999999999999999999999999999999\n"
            })
    void refusesMalformedPaxRecords(String records) {
        byte[] body = records.getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(concat(concat(extension('x', body), body, 512), header('0'))))
                .hasMessageContaining("tar archive failed");
    }

    private static byte[] header(char flag) {
        byte[] header = new byte[512];
        header[0] = 'n';
        header[156] = (byte) flag;
        sum(header);
        return header;
    }

    private static void sum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        byte[] digits = String.format("%06o", sum).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(digits, 0, header, 148, 6);
        header[154] = 0;
    }

    private static byte[] extension(char flag, byte[] body) {
        byte[] extended = header(flag);
        byte[] size = String.format("%011o", body.length).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(size, 0, extended, 124, size.length);
        sum(extended);
        return extended;
    }

    private static byte[] concat(byte[] left, byte[] right, int block) {
        return concat(left, Arrays.copyOf(right, (right.length + block - 1) / block * block));
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private List<TarHeader> pack(Path source, String... options) throws Exception {
        return read(archive(source, options));
    }

    private static byte[] archive(Path source, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar", "-C", source.toString(), "--sort=name", "-cf", "-"));
        command.addAll(List.of(options));
        command.add(".");
        Process process = new ProcessBuilder(command).start();
        byte[] archive = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return archive;
    }

    private static List<TarHeader> read(byte[] archive) throws IOException {
        return List.copyOf(unpack(archive).keySet());
    }

    private static Map<TarHeader, byte[]> unpack(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        Map<TarHeader, byte[]> entries = new LinkedHashMap<>();
        for (Optional<TarHeader> header = reader.next(); header.isPresent(); header = reader.next()) {
            entries.put(header.get(), reader.content().readAllBytes());
        }
        return entries;
    }
}
