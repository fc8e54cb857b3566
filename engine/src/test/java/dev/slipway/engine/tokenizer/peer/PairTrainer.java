package dev.slipway.engine.tokenizer.peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Learns merges from words by counting neighbours, the plain way (Sennrich et al. 2016). */
final class PairTrainer {
    /** Two neighbours. */
    record Pair(String left, String right) {
        String joined() {
            return left + right;
        }
    }

    private PairTrainer() {}

    /** The most frequent pairs, one after the other, each counted after the ones before were merged. */
    static List<Pair> train(List<String> words, int merges) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        words.forEach(word -> counts.merge(word, 1, Integer::sum));
        List<List<String>> rows = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        counts.forEach((word, count) -> {
            rows.add(new ArrayList<>(
                    word.codePoints().mapToObj(Character::toString).toList()));
            weights.add(count);
        });
        List<Pair> learned = new ArrayList<>();
        while (learned.size() < merges) {
            Pair best = mostFrequent(rows, weights);
            if (best == null) {
                return learned;
            }
            learned.add(best);
            rows.forEach(row -> merge(row, best));
        }
        return learned;
    }

    private static @org.jspecify.annotations.Nullable Pair mostFrequent(
            List<List<String>> rows, List<Integer> weights) {
        Map<Pair, Integer> counts = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            for (int at = 0; at + 1 < row.size(); at++) {
                counts.merge(new Pair(row.get(at), row.get(at + 1)), weights.get(i), Integer::sum);
            }
        }
        Pair best = null;
        int most = 1;
        for (Map.Entry<Pair, Integer> entry : counts.entrySet()) {
            Pair pair = entry.getKey();
            boolean earlier =
                    best != null && entry.getValue() == most && pair.toString().compareTo(best.toString()) < 0;
            if (entry.getValue() > most || earlier) {
                best = pair;
                most = entry.getValue();
            }
        }
        return best;
    }

    private static void merge(List<String> row, Pair pair) {
        for (int at = 0; at + 1 < row.size(); at++) {
            if (row.get(at).equals(pair.left()) && row.get(at + 1).equals(pair.right())) {
                row.set(at, pair.joined());
                row.remove(at + 1);
            }
        }
    }
}
