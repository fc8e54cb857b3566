package dev.slipway.bench.unpack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Three layers that hold 1.5 GB in 17 files, as an image with a machine learning runtime does. */
final class BigImage {
    private static final int MB = 1_000_000;
    private static final int[][] SIZES = {{150, 120, 90, 70, 40, 30}, {420, 180, 100}, {90, 70, 50, 40, 20, 15, 10, 5}};
    private static final long FIRST_DAY = 1_710_000_000L;

    private BigImage() {}

    /**
     * Plans the layers, lowest first.
     *
     * @param update whether the uppermost layer is the one of a later version of the image
     */
    static List<List<Entry>> layers(boolean update) {
        Map<String, Entry> directories = new HashMap<>();
        List<List<Entry>> layers = new ArrayList<>();
        for (int i = 0; i < SIZES.length; i++) {
            boolean newer = update && i == SIZES.length - 1;
            layers.add(layer(i, directories, newer ? 1000 : i));
        }
        return layers;
    }

    private static List<Entry> layer(int index, Map<String, Entry> directories, int version) {
        LayerPlan plan = new LayerPlan(directories, FIRST_DAY + 86_400L * version);
        for (int i = 0; i < SIZES[index].length; i++) {
            long seed = 1000L * version + i + 1;
            String path = "usr/local/runtime-" + index + "/lib/libpart" + i + ".so";
            Entry file = Entry.file(path, 0755, 0, plan.now() - 60 * i, (long) SIZES[index][i] * MB, seed);
            plan.put(file);
            plan.put(Entry.symbolicLink(path + ".1", "libpart" + i + ".so", plan.now()));
        }
        if (index == 1) {
            plan.put(Entry.hardLink(
                    "usr/local/runtime-1/lib/libpart2.so.hard",
                    Entry.file("usr/local/runtime-1/lib/libpart2.so", 0755, 0, plan.now() - 120, 0, 0)));
        }
        if (index == 2) {
            plan.hide("usr/local/runtime-0/lib/libpart5.so");
        }
        return plan.entries();
    }
}
