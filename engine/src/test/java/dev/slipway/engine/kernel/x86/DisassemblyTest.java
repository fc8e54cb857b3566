package dev.slipway.engine.kernel.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kernel is what GNU objdump takes for whole instructions, and of the level's own at most. */
class DisassemblyTest {
    private static final BlockForm[] FORMS = {
        new BlockForm(8, 0, 32, 7, false, new byte[0], 1),
        new BlockForm(4, 0, 32, 3, false, new byte[0], 1),
        new BlockForm(2, 0, 16, -1, true, new byte[0], 1),
        new BlockForm(8, 0, 16, 5, false, new byte[16], 2),
        new BlockForm(4, 1, 32, -1, true, new byte[0], 1),
        new BlockForm(4, 2, 16, 5, false, new byte[0], 2),
    };

    @TempDir
    Path folder;

    private String disassemble(byte[] code) throws IOException {
        Path file = folder.resolve("code");
        Files.write(file, code);
        List<String> command =
                List.of("objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", file.toString());
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            System.out.println("skipped: objdump is not installed");
            assumeTrue(false, "skipped: objdump is not installed");
            throw e;
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void consistsOfInstructions() throws IOException {
        for (Level level : Level.values()) {
            for (BlockForm form : FORMS) {
                for (int tokens = 1; tokens <= ProductCode.mostTokens(level, form); tokens++) {
                    check(level, ProductCode.of(level, form, tokens, true));
                }
            }
            for (FloatForm form : FloatForm.values()) {
                check(level, ProductCode.of(level, form, ProductCode.mostTokens(level, form), false));
            }
        }
        check(Level.AVX2, QuantiseCode.of(FORMS[0]));
        check(Level.AVX2, PackCode.mostScale());
        check(Level.AVX2, PackCode.pack());
    }

    @Test
    void attentionConsistsOfInstructions() throws IOException {
        AttentionCode.Numbers numbers = new AttentionCode.Numbers(-1e30f, -125, 12582912, new float[] {1, 2, 1});
        for (Level level : Level.values()) {
            for (CacheForm.Stored stored : CacheForm.Stored.values()) {
                CacheForm form = new CacheForm(80, 64, stored, stored, 80);
                for (int rows = 1; rows <= AttentionCode.mostRows(level, form); rows += 2) {
                    String text = disassemble(AttentionCode.of(level, form, rows, numbers));
                    // Numbers follow the code.
                    check(level, text.substring(0, text.indexOf("ret")) + "ret");
                }
            }
        }
    }

    private void check(Level level, byte[] code) throws IOException {
        check(level, disassemble(code));
    }

    private static void check(Level level, String text) {
        assertThat(text).contains("ret").doesNotContain("(bad)");
        if (level != Level.AVX512_VNNI) {
            assertThat(text).doesNotContain("zmm").doesNotContain("ymm16").doesNotContain("{evex}");
        }
        if (level == Level.AVX2) {
            assertThat(text).doesNotContain("vpdpbusd");
        }
    }

    @Test
    void writesWhatItWasTold() throws IOException {
        String text = disassemble(ProductCode.of(Level.AVX512_VNNI, FORMS[0], 6, false));
        assertThat(text.lines().filter(line -> line.contains("vpdpbusd zmm")).count())
                .isEqualTo(8L * 2 * 6);
        assertThat(text).contains("vpslld", "vcvtph2ps", "vzeroupper");
    }
}
