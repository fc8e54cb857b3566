package dev.slipway.posix.isal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * ISA-L, Intel's storage acceleration library, whose inflate does the work of zlib's in half the time.
 *
 * <p>The copy in the gkl jar is taken on Linux with an x86-64 processor, else what the system has installed. A library is
 * used only when it inflates a sample right: its structures are not described by anything that could be asked.
 *
 * @see <a href="https://github.com/intel/isa-l/blob/master/include/igzip_lib.h">igzip_lib.h</a>
 */
@SuppressWarnings("restricted")
public final class IsalLibrary {
    private static final String BUNDLED = "/com/intel/gkl/native/libgkl_compression.so";
    private static final String INSTALLED = "libisal.so.2";

    private final MethodHandle init;
    private final MethodHandle inflate;

    private IsalLibrary(SymbolLookup symbols) {
        Linker linker = Linker.nativeLinker();
        this.init = linker.downcallHandle(
                symbols.findOrThrow("isal_inflate_init"), FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        this.inflate = linker.downcallHandle(
                symbols.findOrThrow("isal_inflate"), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /**
     * What looking for the library has found.
     *
     * @param library empty when none can be used
     * @param reason where it comes from, or why there is none
     */
    public record Probe(Optional<IsalLibrary> library, String reason) {}

    @FunctionalInterface
    private interface Lookup {
        SymbolLookup open() throws IOException;
    }

    /** Looks for the library; takes some milliseconds, so once is enough. */
    public static Probe probe() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return new Probe(Optional.empty(), "it is looked for on Linux only");
        }
        String why = "there is no copy for this processor";
        if (System.getProperty("os.arch", "").equals("amd64")) {
            Probe bundled = probe(IsalLibrary::unpack, "the bundled copy");
            if (bundled.library().isPresent()) {
                return bundled;
            }
            why = bundled.reason();
        }
        Probe installed =
                probe(() -> SymbolLookup.libraryLookup(INSTALLED, Arena.global()), "the system's " + INSTALLED);
        return installed.library().isPresent()
                ? installed
                : new Probe(Optional.empty(), why + "; " + installed.reason());
    }

    private static Probe probe(Lookup lookup, String origin) {
        try {
            IsalLibrary library = new IsalLibrary(lookup.open());
            return IsalSample.inflatesRight(library)
                    ? new Probe(Optional.of(library), origin)
                    : new Probe(Optional.empty(), origin + " inflates a sample wrongly");
        } catch (IOException | RuntimeException e) {
            return new Probe(Optional.empty(), origin + " cannot be loaded: " + e.getMessage());
        }
    }

    private static SymbolLookup unpack() throws IOException {
        Path file = Files.createTempFile("slipway-isal-", ".so");
        try (InputStream in = IsalLibrary.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new FileNotFoundException("the gkl jar is missing");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            // It stays mapped.
            Files.delete(file);
        }
    }

    /** A new stream; several may be used at the same time. */
    public IsalInflater inflater() {
        return new IsalInflater(init, inflate);
    }
}
