package dev.slipway.oci.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
                "20 mtime=1e999999999\n"
            })
    void refusesMalformedPaxRecords(String records) {
        byte[] body = records.getBytes(StandardCharsets.ISO_8859_1);
        byte[] extended = header('x');
        byte[] size = String.format("%011o", body.length).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(size, 0, extended, 124, size.length);
        sum(extended);

        assertThatThrownBy(() -> read(concat(concat(extended, Arrays.copyOf(body, 512)), header('0'))))
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

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private List<TarHeader> pack(Path source, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("tar", "-C", source.toString(), "--sort=name", "-cf", "-"));
        command.addAll(List.of(options));
        command.add(".");
        Process process = new ProcessBuilder(command).start();
        byte[] archive = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return read(archive);
    }

    private static List<TarHeader> read(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive));
        List<TarHeader> headers = new ArrayList<>();
        for (Optional<TarHeader> header = reader.next(); header.isPresent(); header = reader.next()) {
            try (InputStream content = reader.content()) {
                assertThat(content.readAllBytes()).hasSize((int) header.get().size());
            }
            headers.add(header.get());
        }
        return headers;
    }
}
