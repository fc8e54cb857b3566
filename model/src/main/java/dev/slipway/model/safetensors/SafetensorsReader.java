package dev.slipway.model.safetensors;

import dev.slipway.model.Metadata;
import dev.slipway.model.Metadata.Value;
import dev.slipway.model.ModelException;
import dev.slipway.model.ModelHeader;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and checks the header of a safetensors file: a 64-bit length, that much JSON, then the data.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsReader {
    /** Longest JSON header; the format's own limit. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    /** Most tensors of one file. */
    static final int MAX_TENSORS = 1 << 16;

    static final int MAX_DIMENSIONS = 8;

    /** Most characters of the remarks that a file holds about itself; nobody needs them to run a model. */
    static final int MAX_REMARKS = 4 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final long dataStart;
    private final long dataBytes;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private long remarks;

    private SafetensorsReader(Path file, long dataStart, long dataBytes) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
    }

    /** Reads the header of a file that is not of another known format. */
    public static ModelHeader read(Path file, MemorySegment bytes) {
        if (bytes.byteSize() < 10) {
            throw ModelException.corrupt(file, "it has only " + bytes.byteSize() + " bytes");
        }
        long length = bytes.get(LENGTH, 0);
        if (bytes.get(ValueLayout.JAVA_BYTE, 8) != '{') {
            throw ModelException.unsupported(
                    file,
                    "it is neither a GGUF nor a safetensors file",
                    "Use a .gguf or .safetensors file; if it should be one, download it again.");
        }
        if (length < 2 || length > Math.min(MAX_HEADER_BYTES, bytes.byteSize() - 8)) {
            throw ModelException.corrupt(
                    file,
                    "its header claims " + Long.toUnsignedString(length) + " bytes of the " + bytes.byteSize()
                            + " that the file has (at byte 0)");
        }
        byte[] json = bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
        return new SafetensorsReader(file, 8 + length, bytes.byteSize() - 8 - length).header(json);
    }

    private ModelHeader header(byte[] json) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            expect(in, in.nextToken(), JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                expect(in, in.nextToken(), JsonToken.START_OBJECT);
                if (name.equals("__metadata__")) {
                    metadata(in);
                } else {
                    tensor(in, name);
                }
            }
            if (in.nextToken() != null) {
                throw wrong("something follows the header's JSON object", in);
            }
        } catch (JacksonException e) {
            throw ModelException.corrupt(file, "its header is not proper JSON: " + e.getOriginalMessage());
        }
        checkCoverage();
        return new ModelHeader("safetensors", new Metadata(file.toString(), values), tensors);
    }

    private void metadata(JsonParser in) {
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            expect(in, in.nextToken(), JsonToken.VALUE_STRING);
            remarks += key.length() + in.getString().length();
            if (remarks > MAX_REMARKS) {
                throw wrong("its __metadata__ is longer than " + MAX_REMARKS + " characters", in);
            }
            values.put(key, new Value.Text(in.getString()));
        }
    }

    private void tensor(JsonParser in, String name) {
        if (tensors.size() == MAX_TENSORS) {
            throw wrong("it has more than " + MAX_TENSORS + " tensors", in);
        }
        String type = "";
        List<Long> shape = List.of();
        List<Long> range = List.of();
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = in.currentName();
            JsonToken first = in.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(in, first, JsonToken.VALUE_STRING);
                    type = in.getString();
                }
                case "shape" -> shape = numbers(in, name, MAX_DIMENSIONS);
                case "data_offsets" -> range = numbers(in, name, 2);
                default -> throw wrong("the tensor '" + name + "' has the unknown property '" + key + "'", in);
            }
        }
        if (range.size() != 2) {
            throw wrong("the tensor '" + name + "' has no data_offsets", in);
        }
        tensors.put(name, checked(in, name, type(name, type), shape, range));
    }

    private TensorInfo checked(JsonParser in, String name, QuantisationType type, List<Long> shape, List<Long> range) {
        long begin = range.get(0);
        long end = range.get(1);
        if (begin > end || end > dataBytes) {
            throw wrong(
                    "the data of the tensor '" + name + "' lies at " + begin + " to " + end + ", but the file holds "
                            + dataBytes + " bytes of data",
                    in);
        }
        long bytes = type.blockBytes();
        for (long extent : shape) {
            if (extent != 0 && bytes > dataBytes / extent) {
                throw wrong("the tensor '" + name + "' of shape " + shape + " is larger than the file", in);
            }
            bytes *= extent;
        }
        if (bytes != end - begin) {
            throw wrong(
                    "the tensor '" + name + "' of shape " + shape + " and type " + type + " takes " + bytes
                            + " bytes, but has " + (end - begin),
                    in);
        }
        return new TensorInfo(name, type, shape.reversed(), dataStart + begin, bytes);
    }

    private QuantisationType type(String name, String type) {
        String known = type.toUpperCase(Locale.ROOT);
        return switch (known) {
            case "F8_E4M3", "F8_E5M2", "F16", "BF16", "F32", "F64", "BOOL" -> QuantisationType.valueOf(known);
            case "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64" -> QuantisationType.valueOf(known);
            default ->
                throw ModelException.unsupported(
                        file,
                        "the tensor '" + name + "' has the type '" + type + "', which is not known",
                        "Use the F16, BF16 or F32 files of this model.");
        };
    }

    private List<Long> numbers(JsonParser in, String name, int most) {
        expect(in, in.currentToken(), JsonToken.START_ARRAY);
        List<Long> numbers = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            expect(in, in.currentToken(), JsonToken.VALUE_NUMBER_INT);
            long number = in.getLongValue();
            if (number < 0 || numbers.size() == most) {
                throw wrong("the numbers of the tensor '" + name + "' are out of range", in);
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** The format leaves no gaps and no overlaps, so that nothing can hide in a file. */
    private void checkCoverage() {
        List<TensorInfo> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        long next = dataStart;
        for (TensorInfo tensor : sorted) {
            if (tensor.offset() != next) {
                throw ModelException.corrupt(
                        file,
                        "the data of the tensor '" + tensor.name() + "' begins at byte " + tensor.offset()
                                + " where byte " + next + " is due");
            }
            next += tensor.bytes();
        }
        if (next != dataStart + dataBytes) {
            throw ModelException.corrupt(
                    file, (dataStart + dataBytes - next) + " bytes at its end belong to no tensor");
        }
    }

    private void expect(JsonParser in, JsonToken found, JsonToken expected) {
        if (found != expected) {
            throw wrong("its header has " + found + " where " + expected + " must be", in);
        }
    }

    private ModelException wrong(String what, JsonParser in) {
        long position = 8 + Math.max(0, in.currentTokenLocation().getByteOffset());
        return ModelException.corrupt(file, what + " (at byte " + position + ")");
    }
}
