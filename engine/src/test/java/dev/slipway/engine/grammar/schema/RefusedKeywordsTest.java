package dev.slipway.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that docs/models.md calls refused, each by its place. */
class RefusedKeywordsTest {
    private static final String DOCUMENT =
            "{\"type\":\"object\",\"properties\":{\"a/b\":{\"type\":\"array\",\"items\":%s}},\"$defs\":{\"x\":{}}}";
    private static final String PLACE = "#/properties/a~1b/items";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/not| {\"not\":{\"type\":\"null\"}}",
                "/if| {\"if\":{\"type\":\"string\"},\"then\":{\"minLength\":2}}",
                "/contains| {\"type\":\"array\",\"contains\":{\"const\":1}}",
                "/minContains| {\"type\":\"array\",\"minContains\":2}",
                "/maxContains| {\"type\":\"array\",\"maxContains\":2}",
                "/uniqueItems| {\"type\":\"array\",\"uniqueItems\":true}",
                "/dependentRequired| {\"dependentRequired\":{\"a\":[\"b\"]}}",
                "/dependentSchemas| {\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}",
                "/dependencies| {\"dependencies\":{\"a\":[\"b\"]}}",
                "/unevaluatedProperties| {\"type\":\"object\",\"unevaluatedProperties\":{\"type\":\"null\"}}",
                "/unevaluatedItems| {\"type\":\"array\",\"unevaluatedItems\":{\"type\":\"null\"}}",
                "/$dynamicRef| {\"$dynamicRef\":\"#x\"}",
                "/$ref| {\"$ref\":\"https://example.org/other\"}",
                "/format| {\"type\":\"string\",\"format\":\"idn-email\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"^(ab)+$\",\"maxLength\":3}",
                "/format| {\"type\":\"string\",\"format\":\"date\",\"maxLength\":3}",
                "/pattern| {\"type\":\"string\",\"format\":\"date\",\"pattern\":\"1\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"(?=a)\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"(?<!a)b\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"\\\\p{L}\"}",
                "/pattern| {\"type\":\"string\",\"pattern\":\"a\\\\b\"}",
                "/multipleOf| {\"type\":\"number\",\"multipleOf\":0.3}",
                "/oneOf| {\"oneOf\":[{\"type\":\"string\"},{\"minLength\":2}]}",
                "/patternProperties| {\"type\":\"object\",\"patternProperties\":{\"^a\":{},\"^b\":{}}}",
                "/propertyNames| {\"type\":\"object\",\"properties\":{\"a\":{}},\"additionalProperties\":{},\"propertyNames\":{\"maxLength\":3}}",
                "/minProperties| {\"type\":\"object\",\"properties\":{\"a\":{}},\"minProperties\":3,\"additionalProperties\":{}}",
            })
    void namesThePlaceOfWhatIsRefused(String place, String schema) {
        assertThatThrownBy(() -> SchemaCompiler.compile(DOCUMENT.formatted(schema)))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        failure -> assertThat(failure.code()).isEqualTo("engine.unsupported-schema"))
                .hasMessageContaining("at " + PLACE + place + ":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"text\"}",
                "{\"type\":[]}",
                "{\"minLength\":-1,\"type\":\"string\"}",
                "{\"type\":\"number\",\"multipleOf\":0}",
                "{\"type\":\"string\",\"pattern\":\"(a\"}",
                "{\"type\":\"string\",\"pattern\":\"a{2}{3}\"}",
                "{\"anyOf\":{}}",
                "{\"$ref\":\"#/$defs/y\"}",
                "12",
            })
    void namesThePlaceOfWhatIsWrong(String schema) {
        assertThatThrownBy(() -> SchemaCompiler.compile(DOCUMENT.formatted(schema)))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        failure -> assertThat(failure.code()).isEqualTo("engine.invalid-schema"))
                .hasMessageContaining("at " + PLACE);
    }
}
