package dev.slipway.engine.decode;

/**
 * Finds the largest of many logits without sorting them: a heap keeps the largest seen so far, and almost every logit is
 * dismissed by one comparison with the least of those.
 */
final class Likeliest {
    private float[] heap = {};
    private int size;

    /** Where the largest begin: all above {@code value}, and the first {@code ties} of those equal to it. */
    record Border(float value, int ties) {}

    /** The border of the {@code most} largest of {@code count} logits; {@code most} is at least 1. */
    Border border(float[] logits, int offset, int count, int most) {
        size = Math.min(most, count);
        if (heap.length < size) {
            heap = new float[size];
        }
        System.arraycopy(logits, offset, heap, 0, size);
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        for (int i = size; i < count; i++) {
            float logit = logits[offset + i];
            if (logit > heap[0]) {
                heap[0] = logit;
                sink(0);
            }
        }
        int ties = 0;
        for (int i = 0; i < size; i++) {
            if (heap[i] == heap[0]) {
                ties++;
            }
        }
        return new Border(heap[0], ties);
    }

    private void sink(int start) {
        int place = start;
        float value = heap[start];
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = value;
    }
}
