package dev.slipway.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a sound file in many ways: opening it must work or say what is wrong, and nothing else. */
public final class Mutations {
    private static final int FLIPS = 3000;

    private final Path file;
    private final byte[] sound;
    private int refused;

    private Mutations(Path folder, byte[] sound) {
        this.file = folder.resolve("damaged-model");
        this.sound = sound;
    }

    /** Cuts the file at every length, then damages bytes of its header at random. */
    public static void tryAll(Path folder, byte[] sound, int headerBytes, long seed) throws IOException {
        System.out.println("mutations with seed " + seed);
        Mutations mutations = new Mutations(folder, sound);
        mutations.cut(headerBytes);
        mutations.flip(headerBytes, new SplittableRandom(seed));
        // Most damage to a header must be seen, or the checks check nothing.
        assertThat(mutations.refused).isGreaterThan(headerBytes);
    }

    private void cut(int headerBytes) throws IOException {
        for (int length = 0; length < sound.length; length += length < headerBytes ? 1 : 101) {
            assertThat(opens(Arrays.copyOf(sound, length)))
                    .as("cut to %d bytes", length)
                    .isFalse();
        }
    }

    private void flip(int headerBytes, SplittableRandom random) throws IOException {
        for (int i = 0; i < FLIPS; i++) {
            byte[] damaged = sound.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                int at = random.nextInt(headerBytes);
                damaged[at] = random.nextBoolean()
                        ? (byte) random.nextInt()
                        : (byte) (damaged[at] ^ (1 << random.nextInt(8)));
            }
            opens(damaged);
        }
    }

    /** Opens a file and reads all of its data; anything but success or a {@link ModelException} fails the test. */
    private boolean opens(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (ModelFile model = ModelFile.open(file)) {
            long sum = 0;
            for (TensorInfo tensor : model.tensors().values()) {
                MemorySegment data = model.data(tensor);
                for (long i = 0; i < data.byteSize(); i++) {
                    sum += data.get(ValueLayout.JAVA_BYTE, i);
                }
            }
            assertThat(sum).isNotEqualTo(Long.MIN_VALUE);
            return true;
        } catch (ModelException e) {
            refused++;
            assertThat(e.getMessage()).contains(file.toString());
            return false;
        }
    }
}
