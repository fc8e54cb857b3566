package dev.slipway.bench.unpack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Six layers that hold 60,000 small files of 600 MB together, hard links and symbolic links. Each layer but the lowest replaces files of
 * those below, hides files and whole directories, and makes some directories anew.
 */
final class ManyImage {
    private static final int[] FILES = {26_000, 12_000, 10_000, 6_000, 4_000, 2_000};
    private static final long MEAN_SIZE = 10_850;
    private static final int LARGEST = 4_000_000;
    private static final long FIRST_DAY = 1_700_000_000L;
    private static final long DAY = 86_400;
    private static final List<String> TOPS = List.of(
            "usr/lib/x86_64-linux-gnu",
            "usr/share/doc",
            "usr/local/lib/python3.11/site-packages",
            "opt/application/node_modules",
            "var/lib/application",
            "etc");
    private static final List<String> ENDINGS = List.of(".py", ".so", ".js", ".json", ".h", ".pyc", ".txt", "");

    private final Map<String, Entry> directories = new HashMap<>();
    private final Map<String, Entry> files = new HashMap<>();
    private final Set<String> linked = new HashSet<>();
    private final LibraryBytes choice;

    private ManyImage(long seed) {
        this.choice = new LibraryBytes(seed);
    }

    /**
     * Plans the layers, lowest first.
     *
     * @param update whether the uppermost layer is the one of a later version of the image
     */
    static List<List<Entry>> layers(boolean update) {
        ManyImage image = new ManyImage(60_000);
        List<List<Entry>> layers = new ArrayList<>();
        for (int i = 0; i < FILES.length; i++) {
            boolean newer = update && i == FILES.length - 1;
            if (newer) {
                image.choice.next();
            }
            layers.add(image.layer(i, FIRST_DAY + (newer ? 100 : i) * DAY));
        }
        return layers;
    }

    private List<Entry> layer(int index, long now) {
        LayerPlan plan = new LayerPlan(directories, now);
        List<String> older = files.keySet().stream().sorted().toList();
        List<String> below = directories.keySet().stream().sorted().toList();
        int replaced = 0;
        if (index > 0) {
            removeDirectories(plan, below, index);
            replaced = changeFiles(plan, older);
        }
        List<String> places = places(index, FILES[index] / 8);
        places.forEach(place -> plan.put(Entry.directory(place, mode(0755, 0700), owner(), now - choice.below(9999))));
        List<Entry> added = new ArrayList<>();
        for (int i = 0; i < FILES[index] - replaced; i++) {
            String place = places.get(choice.below(places.size()));
            String name = "module-" + index + "-" + i + ENDINGS.get(choice.below(ENDINGS.size()));
            Entry file = file(place + "/" + name, now);
            added.add(file);
            plan.put(file);
            files.put(file.path(), file);
        }
        for (int i = 0; i < 200; i++) {
            Entry target = added.get(choice.below(added.size()));
            // A name that comes later in the archive than the target's.
            Entry link = Entry.hardLink(target.path() + "~" + i, target);
            linked.add(target.path());
            plan.put(link);
        }
        for (int i = 0; i < 600; i++) {
            Entry target = added.get(choice.below(added.size()));
            plan.put(symbolicLink(target, i, now));
        }
        return plan.entries();
    }

    private List<String> places(int index, int count) {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean top = i < 12 || choice.below(6) == 0;
            String above = top ? TOPS.get(choice.below(TOPS.size())) : places.get(choice.below(places.size()));
            boolean deep = above.chars().filter(letter -> letter == '/').count() > 8;
            places.add((deep ? TOPS.getFirst() : above) + "/package-" + index + "-" + i);
        }
        return places;
    }

    /** Hides ten directories, makes three anew with other contents and one into a symbolic link. */
    private void removeDirectories(LayerPlan plan, List<String> below, int index) {
        List<String> leaves = below.stream()
                .filter(path -> path.contains("package-"))
                .filter(path -> below.stream().noneMatch(other -> other.startsWith(path + "/")))
                .toList();
        for (int i = 0; i < 14; i++) {
            String leaf = leaves.get((int) ((long) leaves.size() * i / 14) + choice.below(leaves.size() / 14));
            files.keySet().removeIf(path -> path.startsWith(leaf + "/"));
            directories.remove(leaf);
            if (i < 10) {
                plan.hide(leaf);
            } else if (i < 13) {
                plan.put(Entry.directory(leaf, 0755, 0, plan.now()));
                plan.hideContents(leaf);
                Entry file = file(leaf + "/anew-" + index, plan.now());
                plan.put(file);
            } else {
                plan.put(Entry.symbolicLink(leaf, "/usr/share/doc", plan.now()));
            }
        }
    }

    /** Hides 300 files and replaces others; returns how many it replaced. */
    private int changeFiles(LayerPlan plan, List<String> older) {
        int replaced = 0;
        for (int i = 0; i < 700; i++) {
            String path = older.get((int) ((long) older.size() * i / 700));
            // The other name of a hard link would live on with the old content.
            if (linked.contains(path) || files.remove(path) == null) {
                continue;
            }
            if (i % 7 < 3) {
                plan.hide(path);
            } else {
                plan.put(file(path, plan.now()));
                replaced++;
            }
        }
        return replaced;
    }

    private Entry file(String path, long now) {
        Entry file = Entry.file(path, mode(0644, 0755), owner(), now - choice.below(9_999_999), size(), choice.next());
        boolean capable = choice.below(10_000) == 0;
        byte[] netBindService = {1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        return capable ? file.withXattr("security.capability", netBindService) : file;
    }

    private Entry symbolicLink(Entry target, int number, long now) {
        String path = target.path() + "@" + number;
        String text = switch (number % 4) {
            case 0 -> "/" + target.path();
            case 1 -> "../does-not-exist-" + number;
            default -> target.path().substring(target.path().lastIndexOf('/') + 1);
        };
        return Entry.symbolicLink(path, text, now);
    }

    /** Log-normal: most files are small and a few make up much of the whole, as in real images. */
    private long size() {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (choice.next() >>> 11) * 0x1.0p-53;
        }
        double spread = 1.5;
        double size = MEAN_SIZE * Math.exp(spread * (sum - 6) - spread * spread / 2);
        return Math.min(LARGEST, (long) size);
    }

    private int mode(int usual, int rare) {
        return choice.below(8) == 0 ? rare : usual;
    }

    private int owner() {
        return choice.below(10) == 0 ? 1000 + choice.below(3) : 0;
    }
}
