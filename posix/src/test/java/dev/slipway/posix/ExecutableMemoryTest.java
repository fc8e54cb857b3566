package dev.slipway.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutableMemoryTest {
    /** On x86-64: lea eax, [rdi + rdi + 1]; ret. */
    private static final byte[] TWICE_AND_ONE = {(byte) 0x8D, 0x44, 0x3F, 0x01, (byte) 0xC3};

    @BeforeEach
    void callsAreThere() {
        if (!Posix.isAvailable()) {
            System.out.println("skipped: there are no system calls, for " + Posix.whyNot());
        }
        assumeTrue(Posix.isAvailable(), "there are system calls");
    }

    /** The line of this process's map that holds an address. */
    private static String mapping(long address) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> {
                    String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
                    return Long.parseUnsignedLong(ends[0], 16) <= address
                            && address < Long.parseUnsignedLong(ends[1], 16);
                })
                .findFirst()
                .orElse("");
    }

    @Test
    @SuppressWarnings("restricted") // Running what was put there is the point.
    void runsCodeThatCanNoLongerBeWritten() throws Throwable {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "this is x86-64");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = ExecutableMemory.of(TWICE_AND_ONE, arena);
            assertThat(mapping(code.address())).contains(" r-xp ");
            assertThat(code.isReadOnly()).isTrue();
            var handle = Linker.nativeLinker()
                    .downcallHandle(code, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            assertThat((int) handle.invokeExact(20)).isEqualTo(41);
        }
    }

    @Test
    void givesPagesBackWithTheArena() throws IOException {
        long bytes = 8L << 30; // Far more than any other mapping that could come in its place.
        long address;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = LargeMemory.allocate(bytes, arena);
            address = memory.address() + bytes / 2;
            memory.set(ValueLayout.JAVA_BYTE, memory.byteSize() - 1, (byte) 1);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isZero();
            assertThat(mapping(address)).contains(" rw-p ");
        }
        assertThat(mapping(address)).isEmpty();
    }

    @Test
    void saysWhatWasRefused() {
        assertThatThrownBy(() -> LargeMemory.allocate(1L << 60, Arena.ofAuto()))
                .isInstanceOf(MemoryRefusedException.class)
                .hasMessageContaining("1152921504606846976 bytes")
                .hasMessageContaining("Cannot allocate memory");
    }
}
