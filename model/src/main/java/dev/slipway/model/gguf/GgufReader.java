package dev.slipway.model.gguf;

import dev.slipway.model.Metadata;
import dev.slipway.model.Metadata.Value;
import dev.slipway.model.ModelException;
import dev.slipway.model.ModelHeader;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and checks the header of a GGUF file, versions 2 and 3, little endian.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF specification</a>
 */
public final class GgufReader {
    /** The first four bytes, {@code GGUF}, as a little-endian number. */
    public static final int MAGIC = 0x46554747;

    /** Most metadata keys and most tensors of one file. */
    static final int MAX_ENTRIES = 1 << 16;

    /** Longest metadata key; the specification's own limit. */
    static final int MAX_KEY_BYTES = (1 << 16) - 1;

    /** Longest tensor name. */
    static final int MAX_NAME_BYTES = 1024;

    /** Most elements of all metadata lists together: three times the largest vocabularies known, with merges. */
    static final int MAX_LIST_ELEMENTS = 1 << 22;

    static final int MAX_DIMENSIONS = 4;
    static final int DEFAULT_ALIGNMENT = 32;
    static final int MAX_ALIGNMENT = 1 << 20;

    private final Path file;
    private final MemorySegment bytes;
    private final GgufCursor in;
    private long listElementsLeft = MAX_LIST_ELEMENTS;

    private GgufReader(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
        this.in = new GgufCursor(file, bytes);
    }

    /** Reads the header of a file whose bytes begin with {@link #MAGIC}. */
    public static ModelHeader read(Path file, MemorySegment bytes) {
        return new GgufReader(file, bytes).header();
    }

    private ModelHeader header() {
        in.intValue("the magic");
        int version = in.intValue("the version");
        checkVersion(version);
        int tensorCount = (int) in.count("the number of tensors", 0, MAX_ENTRIES);
        int keyCount = (int) in.count("the number of metadata keys", 0, MAX_ENTRIES);
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < keyCount; i++) {
            String key = in.text("metadata key " + i, MAX_KEY_BYTES);
            if (values.containsKey(key)) {
                throw in.wrong("the metadata key '" + key + "' occurs twice");
            }
            values.put(key, value(key));
        }
        Metadata metadata = new Metadata(file.toString(), values);
        List<TensorInfo> tensors = tensors(tensorCount, alignment(metadata));
        checkOverlaps(tensors);
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        for (TensorInfo tensor : tensors) {
            if (byName.put(tensor.name(), tensor) != null) {
                throw in.wrong("the tensor '" + tensor.name() + "' occurs twice");
            }
        }
        return new ModelHeader("GGUF " + version, metadata, byName);
    }

    private void checkVersion(int version) {
        if (version == 2 || version == 3) {
            return;
        }
        int swapped = Integer.reverseBytes(version);
        if (swapped >= 1 && swapped <= 0xFFFF) {
            throw ModelException.unsupported(
                    file, "it is a big-endian GGUF " + swapped + " file", "Use the little-endian file of this model.");
        }
        throw ModelException.unsupported(
                file,
                "it is GGUF version " + Integer.toUnsignedString(version) + ", and versions 2 and 3 are read",
                "Convert the model to GGUF version 3.");
    }

    private int alignment(Metadata metadata) {
        long alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw in.wrong("general.alignment is " + alignment + ", not a power of two up to " + MAX_ALIGNMENT);
        }
        return (int) alignment;
    }

    // ---- metadata

    private Value value(String key) {
        int type = in.intValue("the type of '" + key + "'");
        String what = "the value of '" + key + "'";
        return switch (GgufValueType.of(type)) {
            case STRING -> new Value.Text(in.text(what, GgufCursor.MAX_TEXT_BYTES));
            case BOOL -> new Value.Truth(truth(what) != 0);
            case FLOAT32, FLOAT64 -> new Value.Real(real(GgufValueType.of(type), what));
            case ARRAY -> list(key);
            case UNKNOWN ->
                throw in.wrong("'" + key + "' has the unknown value type " + Integer.toUnsignedString(type));
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 ->
                new Value.Whole(whole(GgufValueType.of(type), what));
        };
    }

    private Value list(String key) {
        int typeId = in.intValue("the element type of '" + key + "'");
        GgufValueType type = GgufValueType.of(typeId);
        if (type == GgufValueType.UNKNOWN || type == GgufValueType.ARRAY) {
            throw in.wrong("'" + key + "' is a list of the value type " + Integer.toUnsignedString(typeId)
                    + ", which no known file has");
        }
        String what = "the list '" + key + "'";
        int count = (int) in.count("the length of " + what, 0, listElementsLeft);
        // Every element takes at least this much, so a length that the file cannot hold is refused before allocation.
        in.need((long) count * type.leastBytes(), what);
        listElementsLeft -= count;
        return switch (type) {
            case STRING -> new Value.Texts(texts(count, what));
            case FLOAT32, FLOAT64 -> {
                float[] reals = new float[count];
                for (int i = 0; i < count; i++) {
                    reals[i] = (float) real(type, what);
                }
                yield new Value.Reals(reals);
            }
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64, BOOL, ARRAY, UNKNOWN -> {
                long[] wholes = new long[count];
                for (int i = 0; i < count; i++) {
                    wholes[i] = whole(type, what);
                }
                yield new Value.Wholes(wholes);
            }
        };
    }

    private List<String> texts(int count, String what) {
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.text(what, GgufCursor.MAX_TEXT_BYTES));
        }
        return texts;
    }

    private double real(GgufValueType type, String what) {
        return type == GgufValueType.FLOAT32
                ? Float.intBitsToFloat(in.intValue(what))
                : Double.longBitsToDouble(in.longValue(what));
    }

    private long whole(GgufValueType type, String what) {
        return switch (type) {
            case UINT8 -> in.unsignedByte(what);
            case INT8 -> (byte) in.unsignedByte(what);
            case UINT16 -> Short.toUnsignedLong(in.shortValue(what));
            case INT16 -> in.shortValue(what);
            case UINT32 -> Integer.toUnsignedLong(in.intValue(what));
            case INT32 -> in.intValue(what);
            case INT64 -> in.longValue(what);
            case UINT64 -> in.count(what, 0, Long.MAX_VALUE);
            case BOOL -> truth(what);
            case STRING, FLOAT32, FLOAT64, ARRAY, UNKNOWN -> throw new IllegalStateException("not whole: " + type);
        };
    }

    private int truth(String what) {
        int value = in.unsignedByte(what);
        if (value > 1) {
            throw in.wrong(what + " is the byte " + value + " where 0 or 1 must be");
        }
        return value;
    }

    // ---- tensors

    /** Tensor offsets count from where the header ends, so they are resolved after all of it is read. */
    private List<TensorInfo> tensors(int count, int alignment) {
        List<TensorInfo> relative = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            relative.add(tensor(i, alignment));
        }
        long start = Math.ceilDiv(in.position(), alignment) * (long) alignment;
        List<TensorInfo> absolute = new ArrayList<>(count);
        for (TensorInfo tensor : relative) {
            long room = bytes.byteSize() - start - tensor.offset();
            if (tensor.bytes() > room) {
                throw in.wrong("it ends inside the data of the tensor '" + tensor.name() + "': " + tensor.bytes()
                        + " bytes needed, " + Math.max(0, room) + " left");
            }
            absolute.add(new TensorInfo(
                    tensor.name(), tensor.type(), tensor.shape(), start + tensor.offset(), tensor.bytes()));
        }
        return absolute;
    }

    private TensorInfo tensor(int index, int alignment) {
        String name = in.text("the name of tensor " + index, MAX_NAME_BYTES);
        String what = "the tensor '" + name + "'";
        int dimensions = in.intValue("the dimensions of " + what);
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw in.wrong(what + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
        }
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (int d = 0; d < dimensions; d++) {
            // The product stays below 2^56 or so: no file holds more, and nothing overflows.
            long extent = in.count("an extent of " + what, 1, (1L << 48) / elements);
            elements *= extent;
            shape.add(extent);
        }
        int typeId = in.intValue("the type of " + what);
        QuantisationType type = QuantisationType.ofGgufId(typeId)
                .orElseThrow(() -> ModelException.unsupported(
                        file,
                        what + " has the quantisation type number " + Integer.toUnsignedString(typeId)
                                + ", which is not known",
                        "Use a file of this model in another quantisation, such as Q8_0."));
        if (shape.getFirst() % type.blockSize() != 0) {
            throw in.wrong("rows of " + what + " have " + shape.getFirst() + " elements, which do not fill blocks of "
                    + type.blockSize() + " (" + type + ")");
        }
        long offset = in.count("the offset of " + what, 0, bytes.byteSize());
        if (offset % alignment != 0) {
            throw in.wrong(what + " lies at offset " + offset + ", which is not a multiple of " + alignment);
        }
        return new TensorInfo(name, type, shape, offset, type.bytes(elements));
    }

    private void checkOverlaps(List<TensorInfo> tensors) {
        List<TensorInfo> sorted = new ArrayList<>(tensors);
        sorted.sort(Comparator.comparingLong(TensorInfo::offset));
        for (int i = 1; i < sorted.size(); i++) {
            TensorInfo before = sorted.get(i - 1);
            TensorInfo after = sorted.get(i);
            if (before.offset() + before.bytes() > after.offset()) {
                throw in.wrong("the data of the tensors '" + before.name() + "' and '" + after.name() + "' overlap");
            }
        }
    }
}
