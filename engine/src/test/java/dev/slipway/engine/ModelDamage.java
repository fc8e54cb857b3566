package dev.slipway.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Damages model files in the ways that find errors in readers: the same seed always does the same. */
final class ModelDamage {
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        3,
        7,
        16,
        31,
        32,
        63,
        64,
        65,
        255,
        256,
        1 << 16,
        1 << 20,
        1 << 24,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 48,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private static final List<String> VALUES = List.of(
            "0",
            "-1",
            "1",
            "3",
            "8",
            "63",
            "2147483648",
            "9223372036854775807",
            "99999999999999999999999",
            "1e308",
            "-1e-300",
            "0.5",
            "null",
            "true",
            "[]",
            "{}",
            "\"x\"",
            "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");

    private static final Pattern JSON_VALUE = Pattern.compile("-?[0-9][0-9.eE+-]*|true|false|null|\"[^\"]{0,60}\"");

    /** Longest header whose numbers are worth damaging more than the data behind it. */
    private static final int HEAD = 24 << 10;

    private ModelDamage() {}

    static byte[] of(Random random, byte[] sound) {
        byte[] bytes = sound.clone();
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 16; i--) {
            bytes = switch (random.nextInt(10)) {
                case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case 1, 2 -> flip(random, bytes);
                case 3 -> copied(random, bytes);
                case 4, 5, 6 -> number(random, bytes);
                default -> json(random, bytes);
            };
        }
        return bytes;
    }

    private static int place(Random random, byte[] bytes, int room) {
        int limit = random.nextInt(4) > 0 ? Math.min(HEAD, bytes.length) : bytes.length;
        return random.nextInt(Math.max(1, limit - room));
    }

    private static byte[] flip(Random random, byte[] bytes) {
        bytes[place(random, bytes, 0)] ^= (byte) (1 << random.nextInt(8));
        return bytes;
    }

    private static byte[] copied(Random random, byte[] bytes) {
        int length = Math.min(1 + random.nextInt(16), bytes.length / 2);
        System.arraycopy(bytes, place(random, bytes, length), bytes, place(random, bytes, length), length);
        return bytes;
    }

    private static byte[] number(Random random, byte[] bytes) {
        long value = NUMBERS[random.nextInt(NUMBERS.length)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = place(random, bytes, Long.BYTES);
        if (random.nextBoolean()) {
            buffer.putInt(at, (int) value);
        } else {
            buffer.putLong(at, value);
        }
        return bytes;
    }

    /** Another value in place of one in the text; in a safetensors header the length stays, so that it is still read. */
    private static byte[] json(Random random, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int brace = text.indexOf('{');
        if (brace != 0 && brace != 8) {
            return number(random, bytes);
        }
        String head = text.substring(0, Math.min(text.length(), HEAD));
        List<MatchResult> found = JSON_VALUE.matcher(head).results().toList();
        if (found.isEmpty()) {
            return flip(random, bytes);
        }
        MatchResult place = found.get(random.nextInt(found.size()));
        String value = VALUES.get(random.nextInt(VALUES.size()));
        int length = place.end() - place.start();
        if (brace == 8) {
            value = value.length() > length ? value.substring(0, length) : value + " ".repeat(length - value.length());
        }
        String changed = text.substring(0, place.start()) + value + text.substring(place.end());
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }
}
