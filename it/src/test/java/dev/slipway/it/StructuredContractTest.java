package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.oracle.schema.RandomSchema;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.Message;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.ToolCallDelta;
import dev.slipway.runtime.BackendClient;
import dev.slipway.runtime.BackendException;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.BackendProcess;
import dev.slipway.runtime.LaunchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installed backend over a model of random weights at temperature 2, asked for forms through the contract's fields. */
class StructuredContractTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path home;

    private static ShippedBackend shipped;
    private static BackendProcess process;
    private static Path model;

    @BeforeAll
    static void start() throws Exception {
        model = Noise.write(home);
        shipped = new ShippedBackend(home);
        process = new BackendLauncher()
                .launch(
                        LaunchSpec.of("slipway", shipped.install().backend().runScript(), home.resolve("log")),
                        Cancellation.never());
    }

    @AfterAll
    static void stop() {
        process.close();
        shipped.close();
    }

    private static BackendClient load(String form) {
        ModelOptions options = ModelOptions.newBuilder()
                .setModel("noise")
                .setModelFile(model.toString())
                .addOptions("tool_parser:" + form)
                .addOptions("reasoning_parser:none")
                .build();
        process.client().load(options, PATIENCE, Cancellation.never());
        return process.client();
    }

    private static PredictOptions.Builder request(int seed) {
        return PredictOptions.newBuilder()
                .setPrompt("Hi")
                .setTemperature(2)
                .setSeed(seed)
                .setTokens(1_200);
    }

    private static String format(String schema) {
        return "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":" + schema + "}}";
    }

    private static String answer(BackendClient client, PredictOptions.Builder request) {
        return client.predict(request.build(), PATIENCE, Cancellation.never())
                .getMessage()
                .toStringUtf8();
    }

    @Test
    void keepsToSchemasAndGrammars() {
        BackendClient client = load("hermes");
        for (int seed = 200; seed < 215; seed++) {
            String schema = RandomSchema.of(seed);
            Noise.assertValid(schema, answer(client, request(seed).putMetadata("response_format", format(schema))));
        }
        Noise.assertValid(
                "{\"type\":\"object\"}",
                answer(client, request(1).setTokens(120).putMetadata("response_format", "{\"type\":\"json_object\"}")));
        assertThat(answer(client, request(2).setGrammar("root ::= \"<\" [0-9a-f]{4} (\">\" | \"é\")")))
                .matches("<[0-9a-f]{4}[>é]");
        assertThatThrownBy(() -> answer(client, request(3).putMetadata("response_format", format(Noise.UNSUPPORTED))))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        failure -> assertThat(failure.code()).isEqualTo("engine.unsupported-schema"))
                .hasMessageContaining(Noise.UNSUPPORTED_PLACE);
    }

    @Test
    void writesRequiredCallsInEveryForm() {
        for (String form : Noise.FORMS) {
            BackendClient client = load(form);
            for (int seed = 0; seed < 4; seed++) {
                boolean named = seed % 2 == 1;
                PredictOptions request = request(seed)
                        .setUseTokenizerTemplate(true)
                        .addMessages(Message.newBuilder().setRole("user").setContent("Hi"))
                        .setTools(Noise.tools().toString())
                        .setToolChoice(
                                named ? "{\"type\":\"function\",\"function\":{\"name\":\"plan_trip\"}}" : "required")
                        .build();
                Reply reply = client.predict(request, PATIENCE, Cancellation.never());

                List<ToolCallDelta> calls = reply.getChatDeltasList().stream()
                        .flatMap(delta -> delta.getToolCallsList().stream())
                        .toList();
                Noise.assertCall(
                        form,
                        named,
                        calls.stream().map(ToolCallDelta::getName).collect(Collectors.joining()),
                        calls.stream().map(ToolCallDelta::getArguments).collect(Collectors.joining()),
                        reply.getChatDeltasList().stream()
                                .map(ChatDelta::getContent)
                                .collect(Collectors.joining()));
                assertThat(reply.getFinishReason()).isEqualTo("tool_calls");
            }
        }
    }
}
