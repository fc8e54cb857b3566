package dev.slipway.model.hub;

import dev.slipway.model.hub.HubApi.Revision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which of a repository's files make the model: no pictures, no copies of the weights in other formats. */
final class HubSelection {
    static final String CONFIG = "config.json";
    static final String INDEX = "model.safetensors.index.json";
    static final String WEIGHTS = ".safetensors";
    static final String SINGLE = "model" + WEIGHTS;

    /** The small files that tell how to use the weights. */
    private static final Set<String> DOCUMENTS = Set.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "modules.json",
            "1_Pooling/config.json",
            "config_sentence_transformers.json");

    /** Older forms of a tokenizer, for models without a tokenizer.json. */
    private static final Set<String> OLDER_TOKENIZERS =
            Set.of("tokenizer.model", "vocab.json", "vocab.txt", "merges.txt");

    /** What is taken of several GGUF files when nobody chose one, the first that is there. */
    private static final List<String> USUAL = List.of("q4_k_m", "q4_0", "q8_0");

    private static final Pattern PART = Pattern.compile(".*-[0-9]{5}-of-[0-9]{5}[.]gguf");

    private final HubModel model;
    private final Revision revision;

    HubSelection(HubModel model, Revision revision) {
        this.model = model;
        this.revision = revision;
    }

    /** Whether the model is one GGUF file. */
    boolean isGguf() {
        return !model.choice().isEmpty()
                || !revision.has(CONFIG)
                || safetensors().isEmpty();
    }

    private List<HubFile> safetensors() {
        return revision.files().stream()
                .filter(file -> file.name().endsWith(WEIGHTS) && !file.name().contains("/"))
                .toList();
    }

    /** Everything but the weights. */
    List<HubFile> documents() {
        List<HubFile> documents = new ArrayList<>();
        boolean older = !revision.has("tokenizer.json");
        for (HubFile file : revision.files()) {
            if (DOCUMENTS.contains(file.name()) || (older && OLDER_TOKENIZERS.contains(file.name()))) {
                documents.add(file);
            }
        }
        revision.files().stream().filter(file -> file.name().equals(INDEX)).forEach(documents::add);
        return documents;
    }

    /** The weights, when they are in one safetensors file. */
    HubFile single() {
        List<HubFile> files = safetensors();
        return named(SINGLE)
                .or(() -> files.size() == 1 ? Optional.of(files.getFirst()) : Optional.empty())
                .orElseThrow(() -> HubErrors.unusable(
                        model,
                        "it has several safetensors files and no " + INDEX,
                        "Use another model, or a GGUF file of it."));
    }

    /** The weights, when an index names their files. */
    List<HubFile> shards(Set<String> names) {
        List<HubFile> shards = new ArrayList<>();
        for (String name : names) {
            shards.add(named(name)
                    .orElseThrow(() -> HubErrors.unusable(
                            model,
                            "its index names the file " + name + ", which it does not have",
                            "Use another model.")));
        }
        return shards;
    }

    private Optional<HubFile> named(String name) {
        return revision.files().stream()
                .filter(file -> file.name().equals(name))
                .findFirst();
    }

    /** The GGUF file that was chosen, or the usual one. */
    HubFile gguf() {
        List<HubFile> all = revision.files().stream()
                .filter(file -> lower(file).endsWith(".gguf") && !lower(file).contains("mmproj"))
                .sorted(Comparator.comparing(HubFile::name))
                .toList();
        String choice = model.choice().toLowerCase(Locale.ROOT);
        List<HubFile> chosen =
                all.stream().filter(file -> lower(file).contains(choice)).toList();
        if (chosen.size() > 1) {
            List<HubFile> several = chosen;
            chosen = USUAL.stream()
                    .flatMap(usual -> several.stream()
                            .filter(file -> lower(file).contains(usual))
                            .limit(1))
                    .limit(1)
                    .toList();
        }
        if (chosen.isEmpty()) {
            throw none(all);
        }
        HubFile file = chosen.getFirst();
        if (PART.matcher(file.name()).matches()) {
            throw HubErrors.unusable(
                    model,
                    file.name() + " is a part of a split file",
                    "Choose a smaller quantisation, or join the parts.");
        }
        return file;
    }

    private RuntimeException none(List<HubFile> all) {
        if (all.isEmpty()) {
            return HubErrors.unusable(
                    model,
                    "it has neither safetensors nor GGUF files",
                    "Use another model, or convert it: .bin and .pth files are not read.");
        }
        return HubErrors.unusable(
                model,
                "it has several GGUF files, and none is clearly the one that is meant",
                "Add a colon and a part of the name, of: "
                        + String.join(
                                ", ", all.stream().map(HubFile::name).limit(30).toList()) + ".");
    }

    private static String lower(HubFile file) {
        return file.name().toLowerCase(Locale.ROOT);
    }
}
