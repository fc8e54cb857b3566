package dev.slipway.bench.grammar;

import dev.slipway.engine.grammar.Grammars;
import dev.slipway.engine.grammar.TokenGrammar;
import dev.slipway.engine.grammar.TokenSet;
import dev.slipway.engine.grammar.schema.SchemaCompiler;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Times masks over a vocabulary of 151,936 tokens: each token of random answers to schemas, one row a schema. */
public final class MaskBenchmark {
    private static final int VOCABULARY = 151_936;
    private static final int ANSWERS = 40;
    private static final int TOKENS = 200;

    private static final String[][] SCHEMAS = {
        {
            "flat object",
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\","
                    + "\"minimum\":0,\"maximum\":150},\"mail\":{\"type\":\"string\",\"format\":\"email\"}},"
                    + "\"required\":[\"name\",\"age\"],\"additionalProperties\":false}"
        },
        {
            "limited strings",
            "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\","
                    + "\"maxLength\":80},\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":2,"
                    + "\"maxLength\":20},\"maxItems\":5}},\"required\":[\"title\",\"tags\"]}}"
        },
        {"any JSON object", "{\"type\":\"object\"}"},
    };

    private MaskBenchmark() {}

    public static void main(String[] arguments) {
        RandomVocabulary vocabulary = new RandomVocabulary(VOCABULARY, 1);
        for (int round = 0; round < 3; round++) {
            Grammars grammars = new Grammars(vocabulary);
            for (String[] schema : SCHEMAS) {
                long before = System.nanoTime();
                TokenGrammar grammar = grammars.compile(schema[1], () -> SchemaCompiler.compile(schema[1]));
                double compiled = (System.nanoTime() - before) / 1e6;
                long[] nanos = masks(grammar);
                System.out.printf(
                        "round %d  %-16s compile %6.1f ms  %6d masks  median %7.4f ms  p99 %7.3f ms  longest %7.3f ms%n",
                        round + 1,
                        schema[0],
                        compiled,
                        nanos.length,
                        nanos[nanos.length / 2] / 1e6,
                        nanos[nanos.length * 99 / 100] / 1e6,
                        nanos[nanos.length - 1] / 1e6);
            }
        }
    }

    private static long[] masks(TokenGrammar grammar) {
        SplittableRandom random = new SplittableRandom(7);
        TokenSet allowed = new TokenSet(VOCABULARY);
        float[] logits = new float[VOCABULARY];
        long[] nanos = new long[ANSWERS * TOKENS];
        int count = 0;
        for (int answer = 0; answer < ANSWERS; answer++) {
            TokenGrammar.Run run = grammar.newRun();
            for (int left = TOKENS; left > 0 && !run.mustEnd(); left--) {
                long before = System.nanoTime();
                run.allowed(allowed);
                allowed.writeOutside(logits, 0, Float.NEGATIVE_INFINITY);
                run.keepWithin(allowed, left);
                nanos[count++] = System.nanoTime() - before;
                int[] ids = allowed.toArray();
                if (ids.length == 0) {
                    break;
                }
                run.accept(ids[random.nextInt(ids.length)]);
            }
        }
        long[] taken = Arrays.copyOf(nanos, count);
        Arrays.sort(taken);
        return taken;
    }
}
