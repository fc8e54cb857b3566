package dev.slipway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the compiled contract against the table in {@code contract.txt}, which was written from the wire, not from it. */
class BackendContractTest {
    private static final FileDescriptor FILE = HealthMessage.getDescriptor().getFile();

    @Test
    void compiledContractEqualsTheTable() throws IOException {
        List<String> compiled = new ArrayList<>();
        FILE.findServiceByName("Backend").getMethods().forEach(method -> compiled.add(describe(method)));
        FILE.getEnumTypes().forEach(type -> compiled.add(describe(type)));
        FILE.getMessageTypes().forEach(message -> describe(message, compiled));

        assertThat(compiled).containsExactlyInAnyOrderElementsOf(table());
    }

    @Test
    void wireNamesAreTheInstalledOnes() {
        assertThat(BackendGrpc.getPredictStreamMethod().getFullMethodName()).isEqualTo("backend.Backend/PredictStream");
        assertThat(FILE.findServiceByName("Backend").getMethods()).hasSize(52);
        assertThat(FILE.getMessageTypes()).hasSize(114);
    }

    private static List<String> table() throws IOException {
        try (InputStream in = BackendContractTest.class.getResourceAsStream("contract.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    private static String describe(MethodDescriptor method) {
        String kind =
                method.isClientStreaming() ? "bidi-stream" : method.isServerStreaming() ? "server-stream" : "unary";
        return String.join(
                " ",
                "rpc",
                method.getName(),
                method.getInputType().getName(),
                method.getOutputType().getName(),
                kind);
    }

    private static String describe(EnumDescriptor type) {
        return "enum " + localName(type.getFullName()) + " "
                + type.getValues().stream()
                        .sorted(Comparator.comparingInt(value -> value.getNumber()))
                        .map(value -> value.getName() + "=" + value.getNumber())
                        .collect(Collectors.joining(","));
    }

    private static void describe(Descriptor message, List<String> into) {
        message.getEnumTypes().forEach(type -> into.add(describe(type)));
        DescriptorProto proto = message.toProto();
        proto.getReservedRangeList()
                .forEach(range -> into.add("reserved " + message.getName() + " " + range.getStart()));
        if (message.getFields().isEmpty()) {
            into.add("message " + message.getName());
        }
        for (FieldDescriptor field : message.getFields()) {
            into.add("field %s %d %s %s %s"
                    .formatted(message.getName(), field.getNumber(), field.getName(), type(field), label(field)));
        }
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            List<FieldDescriptor> entry = field.getMessageType().getFields();
            return "map<" + type(entry.get(0)) + "," + type(entry.get(1)) + ">";
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getName();
            case ENUM -> localName(field.getEnumType().getFullName());
            default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static String label(FieldDescriptor field) {
        if (field.isMapField()) {
            return "map";
        }
        if (field.getRealContainingOneof() != null) {
            return "oneof:" + field.getRealContainingOneof().getName();
        }
        if (field.toProto().getProto3Optional()) {
            return "optional";
        }
        return field.isRepeated() ? "repeated" : "singular";
    }

    private static String localName(String fullName) {
        return fullName.substring("backend.".length());
    }
}
