package dev.slipway.oracle.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** Asks a schema library, formats asserted, what is wrong with a document. */
public final class SchemaJudge {
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Schema schema;

    public SchemaJudge(String schema) {
        this.schema = REGISTRY.getSchema(schema, InputFormat.JSON);
    }

    /**
     * What is wrong with a document; empty when it is valid.
     *
     * @throws RuntimeException when it is not JSON
     */
    public List<String> complaints(String document) {
        return schema
                .validate(
                        document,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .toList();
    }
}
