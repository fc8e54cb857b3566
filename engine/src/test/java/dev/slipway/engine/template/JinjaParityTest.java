package dev.slipway.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Compares what templates give with what Jinja itself gives. Needs Debian's python3-jinja2. */
class JinjaParityTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 14, 5, 9, 0, ZoneOffset.UTC);
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    @TempDir
    Path folder;

    /** One template with its variables. */
    record Case(String name, String template, Map<String, Object> variables) {}

    @Test
    void realTemplatesGiveTheSameBytesForEveryConversation() throws Exception {
        Path templates = Path.of(System.getenv().getOrDefault("SLIPWAY_TEST_DATA", ""), "chat-templates");
        runOnlyIf(Files.isDirectory(templates), "skipped: SLIPWAY_TEST_DATA names no folder with chat-templates");
        Object tools = JSON.readValue(resource("tools.json"), Object.class);
        Map<String, Object> conversations = JSON.readValue(resource("conversations.json"), OBJECT);
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(templates)) {
            for (Path file : files.sorted().toList()) {
                String template = Files.readString(file);
                conversations.forEach((name, conversation) -> {
                    Map<String, Object> variables = JSON.convertValue(conversation, OBJECT);
                    variables.replace("tools", "TOOLS", tools);
                    variables.put("bos_token", "<s>");
                    variables.put("eos_token", "</s>");
                    cases.add(new Case(file.getFileName() + " × " + name, template, variables));
                });
            }
        }
        int refused = compare(cases);
        System.out.println("chat templates: " + cases.size() + " of " + cases.size() + " equal to Jinja, " + refused
                + " of them refused by both");
        assertThat(cases).hasSizeGreaterThan(100);
        assertThat(refused).isLessThan(cases.size() / 3);
    }

    @Test
    void everyFeatureGivesTheSameBytes() throws Exception {
        Map<String, Object> variables = JSON.readValue("""
                {"d": {"a": 1, "b": "two", "list": [1, 2, 3]}, "msgs": [{"role": "system", "content": "S"}, {"role": "user", "content": [{"type": "text", "text": "T"}, {"type": "image"}]}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}], "s": "hello", "u": "a🦙ßñ",
                 "rows": [{"name": "x", "n": 2, "ok": true, "deep": {"k": 1}},
                          {"name": "y", "n": 1, "ok": false, "deep": {"k": 2}},
                          {"name": "z", "n": 3, "ok": true, "deep": {"k": 3}}]}
                """, OBJECT);
        List<Case> cases = new ArrayList<>();
        for (String snippet : resource("snippets.jinja").split("\n====\n")) {
            cases.add(new Case("snippet " + cases.size() + ": " + snippet, snippet, variables));
        }
        int refused = compare(cases);
        System.out.println("snippets: " + cases.size() + " of " + cases.size() + " equal to Jinja, " + refused
                + " of them refused by both");
        assertThat(cases).hasSizeGreaterThan(70);
    }

    /** Renders every case on both sides and compares; returns how many both refused. */
    private int compare(List<Case> cases) throws Exception {
        List<Map<String, Object>> expected = jinja(cases);
        List<String> differences = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < cases.size(); i++) {
            Case current = cases.get(i);
            Map<String, Object> theirs = expected.get(i);
            Map<String, Object> ours = new HashMap<>();
            try {
                ours.put("text", ChatTemplate.parse(current.template).render(current.variables, NOW));
            } catch (EngineException refusal) {
                ours.put("error", refusal.getMessage());
            }
            boolean bothRefused = theirs.containsKey("error") && ours.containsKey("error");
            refused += bothRefused ? 1 : 0;
            if (!bothRefused && !theirs.equals(ours)) {
                differences.add(current.name + "\n  Jinja:   " + theirs + "\n  Slipway: " + ours);
            }
            if (bothRefused && theirs.get("error").toString().startsWith("TemplateError: ")) {
                assertThat(ours.get("error").toString())
                        .as(current.name)
                        .endsWith(theirs.get("error").toString().substring("TemplateError: ".length()));
            }
        }
        assertThat(differences)
                .as("%d of %d differ", differences.size(), cases.size())
                .isEmpty();
        return refused;
    }

    private List<Map<String, Object>> jinja(List<Case> cases) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        runOnlyIf(Files.isExecutable(python), "skipped: there is no " + python);
        Path probe = folder.resolve("probe.txt");
        int probed = run(probe, probe, python.toString(), "-c", "import jinja2.sandbox");
        runOnlyIf(probed == 0, "skipped: " + python + " has no jinja2 (Debian package python3-jinja2)");

        Path script = Files.writeString(folder.resolve("render.py"), resource("render.py"));
        Path input = folder.resolve("cases.json");
        JSON.writeValue(input.toFile(), cases);
        Path output = folder.resolve("results.json");
        Path errors = folder.resolve("errors.txt");
        int status = run(input, output, python.toString(), script.toString());
        assertThat(status).as(() -> read(errors)).isZero();
        return JSON.readValue(Files.readString(output), new TypeReference<List<Map<String, Object>>>() {});
    }

    private static void runOnlyIf(boolean possible, String otherwise) {
        if (!possible) {
            System.out.println(otherwise);
        }
        assumeTrue(possible, otherwise);
    }

    private int run(Path input, Path output, String... command) throws Exception {
        if (Files.notExists(input)) {
            Files.createFile(input);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        builder.environment().put("PYTHONUTF8", "1");
        Process process = builder.redirectInput(input.toFile())
                .redirectOutput(output.equals(input) ? folder.resolve("out.txt").toFile() : output.toFile())
                .redirectError(folder.resolve("errors.txt").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("python took more than a minute");
        }
        return process.exitValue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = JinjaParityTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
