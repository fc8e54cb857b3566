package dev.slipway.model;

import dev.slipway.base.ErrorKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a model file says of itself: keys with typed values.
 *
 * <p>A key that is missing gives an empty answer; a key that holds another type than asked for is an error that names
 * both, since reading on would only fail later and less clearly.
 */
public final class Metadata {
    private final String source;
    private final Map<String, Value> values;
    private final Map<String, String> storedKeys;

    /**
     * Wraps values.
     *
     * @param source the file they come from, for error messages
     */
    public Metadata(String source, Map<String, Value> values) {
        this(source, values, Map.of());
    }

    /**
     * Wraps values whose keys have been translated.
     *
     * @param storedKeys what a key is called in the file, where that differs
     */
    public Metadata(String source, Map<String, Value> values, Map<String, String> storedKeys) {
        this.source = source;
        this.values = new LinkedHashMap<>(values);
        this.storedKeys = Map.copyOf(storedKeys);
    }

    /** One value. */
    public sealed interface Value {
        /** Text; bytes that are not UTF-8 have become U+FFFD. */
        record Text(String value) implements Value {}

        /** A whole number; an unsigned 64-bit one beyond the range of a long has been refused by the reader. */
        record Whole(long value) implements Value {}

        /** A real number. */
        record Real(double value) implements Value {}

        /** True or false. */
        record Truth(boolean value) implements Value {}

        /** A list of texts. */
        record Texts(List<String> value) implements Value {
            public Texts {
                value = List.copyOf(value);
            }
        }

        /** A list of whole numbers or truth values; not copied. */
        @SuppressWarnings("ArrayRecordComponent")
        record Wholes(long[] value) implements Value {}

        /** A list of real numbers; not copied. */
        @SuppressWarnings("ArrayRecordComponent")
        record Reals(float[] value) implements Value {}
    }

    /** All keys in file order. */
    public Set<String> keys() {
        return java.util.Collections.unmodifiableSet(values.keySet());
    }

    /** What a key is called in the file itself, for error messages. */
    public String storedKey(String key) {
        return storedKeys.getOrDefault(key, key);
    }

    public Optional<String> string(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Value.Text(String text) -> Optional.of(text);
            case Value other -> throw wrongType(key, "text", other);
        };
    }

    public OptionalLong integer(String key) {
        return switch (values.get(key)) {
            case null -> OptionalLong.empty();
            case Value.Whole(long number) -> OptionalLong.of(number);
            case Value other -> throw wrongType(key, "a whole number", other);
        };
    }

    /** A real number; a whole one is taken as well. */
    public OptionalDouble floating(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case Value.Real(double number) -> OptionalDouble.of(number);
            case Value.Whole(long number) -> OptionalDouble.of(number);
            case Value other -> throw wrongType(key, "a number", other);
        };
    }

    public Optional<Boolean> flag(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Value.Truth(boolean truth) -> Optional.of(truth);
            case Value other -> throw wrongType(key, "true or false", other);
        };
    }

    public Optional<List<String>> strings(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Value.Texts(List<String> texts) -> Optional.of(texts);
            case Value other when isEmptyList(other) -> Optional.of(List.of());
            case Value other -> throw wrongType(key, "a list of texts", other);
        };
    }

    /** A list of whole numbers; the array is the file's own and must not be changed. */
    public Optional<long[]> integers(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Value.Wholes(long[] numbers) -> Optional.of(numbers);
            case Value other when isEmptyList(other) -> Optional.of(new long[0]);
            case Value other -> throw wrongType(key, "a list of whole numbers", other);
        };
    }

    /** A list of real numbers; the array is the file's own and must not be changed. */
    public Optional<float[]> floatings(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case Value.Reals(float[] numbers) -> Optional.of(numbers);
            case Value other when isEmptyList(other) -> Optional.of(new float[0]);
            case Value other -> throw wrongType(key, "a list of numbers", other);
        };
    }

    private static boolean isEmptyList(Value value) {
        return switch (value) {
            case Value.Texts(List<String> list) -> list.isEmpty();
            case Value.Wholes(long[] list) -> list.length == 0;
            case Value.Reals(float[] list) -> list.length == 0;
            case Value.Text _, Value.Whole _, Value.Real _, Value.Truth _ -> false;
        };
    }

    private ModelException wrongType(String key, String expected, Value found) {
        String what = switch (found) {
            case Value.Text _ -> "text";
            case Value.Whole _ -> "a whole number";
            case Value.Real _ -> "a real number";
            case Value.Truth _ -> "true or false";
            case Value.Texts _ -> "a list of texts";
            case Value.Wholes _ -> "a list of whole numbers";
            case Value.Reals _ -> "a list of real numbers";
        };
        return new ModelException(
                "model.wrong-metadata",
                ErrorKind.CORRUPT,
                "The metadata key '" + storedKey(key) + "' of " + source + " must hold " + expected + ", but holds "
                        + what + ".",
                "The file was written wrongly: get it from another source.",
                null);
    }
}
