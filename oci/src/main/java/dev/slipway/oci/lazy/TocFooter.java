package dev.slipway.oci.lazy;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a layer's table of contents lies, as the layer's last bytes or an annotation say.
 *
 * @param offset in the blob
 * @param length compressed, not beyond the blob's end
 * @param plainLength uncompressed; -1 when unknown
 * @param codec of the table and of the files
 */
record TocFooter(long offset, long length, long plainLength, Codec codec) {
    /** The longest footer, with the header of the frame it is in. */
    static final int MAX_LENGTH = 72;

    /** The end of an eStargz footer, which is an empty gzip member: an empty block, a check sum and a size of 0. */
    private static final int GZIP_END = 13;

    private static final Pattern STARGZ = Pattern.compile("([0-9a-f]{16})STARGZ");
    private static final String MAGIC = "GNUlInUx";
    private static final String OTHER_MAGIC = "GnUlInUx";
    private static final int SKIPPABLE_FRAME = 0x184D2A50;
    private static final long TABLE_TYPE = 1;
    private static final Pattern POSITION = Pattern.compile("([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})");

    /**
     * Reads an annotation that zstd:chunked layers have: offset, compressed length, uncompressed length, type.
     *
     * @throws OciException {@code oci.invalid-toc}
     */
    static TocFooter parsePosition(String text, Descriptor layer) {
        Matcher position = POSITION.matcher(text);
        if (!position.matches() || Long.parseLong(position.group(4)) != TABLE_TYPE) {
            throw invalid(layer, "its position is malformed");
        }
        return checked(
                Long.parseLong(position.group(1)),
                Long.parseLong(position.group(2)),
                Long.parseLong(position.group(3)),
                Codec.ZSTD,
                layer);
    }

    /** Reads the last bytes of a layer; empty when they say nothing of a table. */
    static Optional<TocFooter> parse(byte[] tail, Descriptor layer) {
        String text = new String(tail, StandardCharsets.ISO_8859_1);
        if (text.endsWith(MAGIC)) {
            return zstd(tail, 64, layer);
        }
        if (text.endsWith(OTHER_MAGIC)) {
            return zstd(tail, 40, layer);
        }
        return stargz(text, 51, "\u001a\u0000SG\u0016\u0000", layer).or(() -> stargz(text, 47, "\u0016\u0000", layer));
    }

    private static Optional<TocFooter> stargz(String tail, int length, String extra, Descriptor layer) {
        if (tail.length() < length) {
            return Optional.empty();
        }
        String footer = tail.substring(tail.length() - length);
        Matcher name = STARGZ.matcher(footer).region(12 + extra.length() - 2, length - GZIP_END);
        if (!footer.startsWith("\u001f\u008b\u0008\u0004") || !footer.startsWith(extra, 10) || !name.matches()) {
            return Optional.empty();
        }
        long offset = Long.parseUnsignedLong(name.group(1), 16);
        return Optional.of(checked(offset, layer.size() - length - offset, -1, Codec.GZIP, layer));
    }

    private static Optional<TocFooter> zstd(byte[] tail, int length, Descriptor layer) {
        if (tail.length < length + 8) {
            return Optional.empty();
        }
        ByteBuffer frame =
                ByteBuffer.wrap(tail, tail.length - length - 8, length + 8).order(ByteOrder.LITTLE_ENDIAN);
        if (frame.getInt() != SKIPPABLE_FRAME || frame.getInt() != length) {
            return Optional.empty();
        }
        long offset = frame.getLong();
        long compressed = frame.getLong();
        long plain = frame.getLong();
        if (frame.getLong() != TABLE_TYPE) {
            throw invalid(layer, "it is of an unknown type");
        }
        return Optional.of(checked(offset, compressed, plain, Codec.ZSTD, layer));
    }

    private static TocFooter checked(long offset, long length, long plainLength, Codec codec, Descriptor layer) {
        if (offset < 0 || length < 1 || offset > layer.size() || length > layer.size() - offset || plainLength < -1) {
            throw invalid(layer, "it lies outside of the layer");
        }
        return new TocFooter(offset, length, plainLength, codec);
    }

    static OciException invalid(Descriptor layer, String why) {
        return OciException.corrupt(
                "oci.invalid-toc",
                "Reading the table of contents of layer " + layer.digest() + " failed: " + why + ".");
    }
}
