package dev.slipway.oracle;

/**
 * How far logits are from those that are right.
 *
 * @param relative root mean square of the differences over that of the right logits
 * @param largest the largest single difference
 */
public record Difference(double relative, double largest) {
    /** Compares logits, row by row. */
    public static Difference of(float[][] found, double[][] right) {
        double errors = 0;
        double sizes = 0;
        double largest = 0;
        for (int row = 0; row < right.length; row++) {
            for (int i = 0; i < right[row].length; i++) {
                double error = Math.abs(found[row][i] - right[row][i]);
                errors += error * error;
                sizes += right[row][i] * right[row][i];
                largest = Double.isNaN(error) ? error : Math.max(largest, error);
            }
        }
        return new Difference(Math.sqrt(errors / sizes), largest);
    }

    /** The place of the largest number of a row. */
    public static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }
}
