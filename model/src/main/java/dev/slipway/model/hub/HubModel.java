package dev.slipway.model.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the Hub, as people write it: {@code Qwen/Qwen2.5-0.5B-Instruct}, with {@code @revision} for another branch,
 * tag or commit than {@code main}, and with {@code :Q4_K_M} for one of several GGUF files.
 *
 * @param owner user or organisation
 * @param name name of the repository
 * @param revision branch, tag or commit
 * @param choice part of the name of the GGUF file that is meant; empty for none
 */
public record HubModel(String owner, String name, String revision, String choice) {
    /** The branch that is meant when none is named. */
    public static final String MAIN = "main";

    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    private static final Pattern FORM = Pattern.compile(
            "(" + WORD + ")/(" + WORD + ")(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,127}))?(?::(" + WORD + "))?");

    /** Names of files, for which nobody asks the Hub. */
    private static final Pattern FILE = Pattern.compile(".*[.](gguf|safetensors|bin|pt|pth|onnx)");

    /** Reads what people write; empty when it is not of this form, or ends like the name of a file. */
    public static Optional<HubModel> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || FILE.matcher(text).matches() || text.contains("..") || text.contains("//")) {
            return Optional.empty();
        }
        String revision = matcher.group(3) == null ? MAIN : matcher.group(3);
        String choice = matcher.group(4) == null ? "" : matcher.group(4);
        return Optional.of(new HubModel(matcher.group(1), matcher.group(2), revision, choice));
    }

    /** {@code owner/name}. */
    public String id() {
        return owner + "/" + name;
    }

    /** Whether the revision is a commit, which never changes. */
    boolean isCommit() {
        return revision.matches("[0-9a-f]{40}");
    }

    /** As people write it. */
    @Override
    public String toString() {
        return id() + (revision.equals(MAIN) ? "" : "@" + revision) + (choice.isEmpty() ? "" : ":" + choice);
    }
}
