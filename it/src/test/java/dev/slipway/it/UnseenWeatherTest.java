package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Tasks;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The demo model's tool calls for cities and phrasings that its training program never reads: every city in every
 * phrasing, through the API.
 */
class UnseenWeatherTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern IMPORT = Pattern.compile("^\\s*(?:import|from) (\\w+)", Pattern.MULTILINE);
    private static final double NEEDED = 0.90;

    @TempDir
    Path home;

    @Test
    void callsTheToolWithTheExactCity() throws Exception {
        List<Callable<String>> questions = new ArrayList<>();
        List<String> misses;
        try (RunningServer server = RunningServer.start(home)) {
            for (String phrasing : lines("unseen-phrasings.txt")) {
                for (String city : lines("unseen-cities.txt")) {
                    questions.add(() -> ask(server, phrasing.replace("{city}", city), city));
                }
            }
            misses = Tasks.runAll(questions, 4, Cancellation.never()).stream()
                    .filter(outcome -> !outcome.isEmpty())
                    .toList();
        }

        assertThat(questions).hasSize(2000);
        double exact = 1 - (double) misses.size() / questions.size();
        System.out.printf("unseen weather questions with exact arguments: %.1f %%%n", 100 * exact);
        assertThat(exact)
                .as("missed: " + String.join("\n", misses.subList(0, Math.min(20, misses.size()))))
                .isGreaterThanOrEqualTo(NEEDED);
    }

    @Test
    void trainingNeverReadsTheseCities() throws IOException {
        Map<String, String> program = new TreeMap<>();
        readWithImports("train", program);

        assertThat(program.keySet())
                .contains("train", "corpus", "names", "weather")
                .doesNotContain("heldout");
        for (String city : lines("unseen-cities.txt")) {
            Pattern word = Pattern.compile("(?<![\\p{L}])" + Pattern.quote(city) + "(?![\\p{L}])");
            program.forEach((file, text) -> assertThat(word.matcher(text).find())
                    .as(city + " in " + file)
                    .isFalse());
        }
        assertThat(String.join("", program.values())).doesNotContain("unseen-");
    }

    /** A Python file of the training program, and those of its folder that it imports, and so on. */
    private static void readWithImports(String name, Map<String, String> into) throws IOException {
        Path file = Repository.ROOT.resolve("demo-model").resolve(name + ".py");
        if (into.containsKey(name) || !Files.exists(file)) {
            return;
        }
        into.put(name, Files.readString(file));
        Matcher imported = IMPORT.matcher(into.get(name));
        while (imported.find()) {
            readWithImports(imported.group(1), into);
        }
    }

    /** An empty string when the call is exact, else what came instead. */
    private static String ask(RunningServer server, String question, String city) throws Exception {
        Map<String, Object> request = Map.of(
                "model",
                "slipway-demo",
                "temperature",
                0,
                "max_tokens",
                120,
                "messages",
                List.of(Map.of("role", "user", "content", question)),
                "tools",
                List.of(tool()));
        HttpResponse<String> response = server.post("/v1/chat/completions", JSON.writeValueAsString(request));
        JsonNode message =
                JSON.readTree(response.body()).path("choices").path(0).path("message");
        JsonNode call = message.path("tool_calls").path(0).path("function");
        if (message.path("tool_calls").size() == 1
                && call.path("name").asString("").equals("get_weather")
                && JSON.readTree(call.path("arguments").asString("null"))
                        .equals(JSON.valueToTree(Map.of("location", city)))) {
            return "";
        }
        return question + " -> " + (message.isMissingNode() ? response.body() : message);
    }

    private static Map<String, Object> tool() {
        return Map.of(
                "type",
                "function",
                "function",
                Map.of(
                        "name", "get_weather",
                        "description", "Get the current weather for a given location",
                        "parameters",
                                Map.of(
                                        "type", "object",
                                        "properties",
                                                Map.of(
                                                        "location",
                                                        Map.of("type", "string", "description", "The city name")),
                                        "required", List.of("location"))));
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = UnseenWeatherTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }
}
