package dev.slipway.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reads memory as fast as one thread can: four sequential streams, one addition per vector. */
final class ReadProbe {
    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private ReadProbe() {}

    static long read(MemorySegment data) {
        long stream = data.byteSize() / 4 / LONGS.vectorByteSize() * LONGS.vectorByteSize();
        LongVector a = LongVector.zero(LONGS);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long i = 0; i < stream; i += LONGS.vectorByteSize()) {
            a = a.add(LongVector.fromMemorySegment(LONGS, data, i, ORDER));
            b = b.add(LongVector.fromMemorySegment(LONGS, data, i + stream, ORDER));
            c = c.add(LongVector.fromMemorySegment(LONGS, data, i + 2 * stream, ORDER));
            d = d.add(LongVector.fromMemorySegment(LONGS, data, i + 3 * stream, ORDER));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }
}
