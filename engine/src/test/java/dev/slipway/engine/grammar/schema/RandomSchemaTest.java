package dev.slipway.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.grammar.FakeVocabulary;
import dev.slipway.engine.grammar.Grammars;
import dev.slipway.engine.grammar.Language;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.oracle.schema.RandomSchema;
import dev.slipway.oracle.schema.SchemaJudge;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a schema's grammar lets through is valid by the schema, and says so when the text is read again. */
class RandomSchemaTest {
    private static final FakeVocabulary VOCABULARY = FakeVocabulary.random(2_000, 3);
    private static final int TOKENS = 1_500;

    @Test
    void writesOnlyWhatTheSchemaAccepts() {
        check(1, 250, 4);
    }

    @Tag("stress")
    @Test
    void writesOnlyWhatTheSchemaAcceptsOverManySeeds() {
        check(10_000, 15_000, 6);
    }

    private static void check(long firstSeed, int schemas, int documents) {
        for (long seed = firstSeed; seed < firstSeed + schemas; seed++) {
            String schema = RandomSchema.of(seed);
            SchemaJudge judge = new SchemaJudge(schema);
            TokenGrammar grammar = new Grammars(VOCABULARY).compile(schema, () -> SchemaCompiler.compile(schema));
            Random random = new Random(seed);
            for (int i = 0; i < documents; i++) {
                String document = Language.sample(grammar, VOCABULARY, TOKENS, random);
                assertThat(judge.complaints(document))
                        .as("seed %s: %s by %s", seed, document, schema)
                        .isEmpty();
            }
        }
    }

    @Test
    void acceptsEveryDocumentInTheCanonicalForm() {
        accepts(1, 150, 3);
    }

    @Tag("stress")
    @Test
    void acceptsDocumentsInTheCanonicalFormOverManySeeds() {
        accepts(100_000, 30_000, 6);
    }

    private static void accepts(long firstSeed, int schemas, int documents) {
        for (long seed = firstSeed; seed < firstSeed + schemas; seed++) {
            String schema = RandomSchema.of(seed);
            SchemaJudge judge = new SchemaJudge(schema);
            Language language = Language.of(SchemaCompiler.compile(schema));
            Random random = new Random(seed);
            for (int i = 0; i < documents; i++) {
                String document = CanonicalDocument.of(schema, random);
                assertThat(judge.complaints(document))
                        .as("seed %s: %s by %s", seed, document, schema)
                        .isEmpty();
                assertThat(language.accepts(document))
                        .as("seed %s: %s by %s", seed, document, schema)
                        .isTrue();
                assertThat(language.accepts(document + "]")).isFalse();
            }
        }
    }
}
