package dev.slipway.oci.layer;

import dev.slipway.oci.tree.Attributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes up stacks of layers over a few names, so that everything that can collide does. */
final class RandomLayers {
    private static final String[] NAMES = {"a", "b", "c"};

    private final Random random;
    private final Style style;
    private final Layers layers = new Layers();
    private final List<String> directories = new ArrayList<>();
    private final List<String> everyDirectory = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private int count;

    /** How much of what tools do is kept to. */
    enum Style {
        /** As {@link #TIDY}, and every layer names the root. */
        PLAIN,
        /** Parents come first, nothing comes twice. */
        TIDY,
        /** Parents may have been named by another layer only. */
        LOOSE,
        WILD
    }

    private RandomLayers(Random random, Style style) {
        this.random = random;
        this.style = style;
    }

    static Layers of(long seed, Style style) {
        return new RandomLayers(new Random(seed), style).make();
    }

    private Layers make() {
        int depth = 1 + random.nextInt(4);
        for (int layer = 0; layer < depth; layer++) {
            directories.clear();
            files.clear();
            if (style == Style.PLAIN || random.nextInt(3) == 0) {
                layers.dir("./", 0700 + random.nextInt(64));
            }
            int entries = random.nextInt(style == Style.WILD ? 8 : 14);
            for (int i = 0; i < entries; i++) {
                add(path());
            }
            layers.above();
        }
        return layers;
    }

    private String path() {
        if (style == Style.WILD) {
            return anyPath();
        }
        List<String> parents = style == Style.LOOSE && random.nextInt(6) == 0 ? everyDirectory : directories;
        String parent =
                parents.isEmpty() || random.nextInt(3) == 0 ? "" : parents.get(random.nextInt(parents.size())) + "/";
        return parent + NAMES[random.nextInt(NAMES.length)];
    }

    private String anyPath() {
        StringBuilder path = new StringBuilder(NAMES[random.nextInt(NAMES.length)]);
        while (random.nextInt(5) < 2) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private void add(String path) {
        boolean used = directories.contains(path) || files.contains(path);
        int kind = random.nextInt(20);
        int slash = path.lastIndexOf('/') + 1;
        if (kind < 3) {
            layers.file(path.substring(0, slash) + ".wh." + path.substring(slash), "");
        } else if (kind == 3) {
            layers.file(path.substring(0, slash) + ".wh..wh..opq", "");
        } else if (style != Style.WILD && used) {
            // Tools do not write a name twice.
            return;
        } else if (kind < 10) {
            layers.dir(path, 0700 + random.nextInt(64));
            directories.add(path);
            everyDirectory.add(path);
        } else if (kind < 14) {
            layers.file(path, "content " + count++, attributes());
            files.add(path);
        } else if (kind < 16) {
            layers.link(path, (random.nextBoolean() ? "/" : "") + (random.nextInt(4) == 0 ? "../" : "") + anyPath());
            files.add(path);
        } else if (kind < 18) {
            boolean near = style != Style.WILD || random.nextBoolean();
            if (near && files.isEmpty()) {
                return;
            }
            layers.hard(path, near ? files.get(random.nextInt(files.size())) : anyPath());
            files.add(path);
        } else if (kind == 18) {
            layers.fifo(path);
            files.add(path);
        } else {
            layers.device(path, random.nextInt(3), random.nextInt(3));
            files.add(path);
        }
    }

    private Attributes attributes() {
        return new Attributes(
                random.nextInt(0777),
                random.nextInt(3),
                random.nextInt(3),
                Instant.ofEpochSecond(random.nextInt(5)),
                random.nextInt(4) == 0 ? Map.of("user.x", new byte[] {(byte) random.nextInt()}) : Map.of());
    }
}
