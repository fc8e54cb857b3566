package dev.slipway.engine.tokenizer.peer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A precompiled character map as SentencePiece writes it: the compatible forms of some characters, in a double array. */
final class ToyCharacterMap {
    private final List<Integer> units = new ArrayList<>();
    private final List<Boolean> taken = new ArrayList<>();

    private static final class Node {
        private final Map<Integer, Node> children = new TreeMap<>();
        private int value = -1;
    }

    private ToyCharacterMap() {}

    static byte[] bytes() {
        Node root = new Node();
        ByteArrayOutputStream replacements = new ByteArrayOutputStream();
        put(root, replacements, "\t", " ");
        put(root, replacements, "\n", " ");
        put(root, replacements, "\r", " ");
        put(root, replacements, "\u00a0", " ");
        put(root, replacements, "\u3000", " ");
        put(root, replacements, "\u200d", "");
        put(root, replacements, "e\u0301", "é");
        put(root, replacements, "n\u0303", "ñ");
        for (int character = 0xA1; character < 0xFFFF; character++) {
            String from = Character.toString(character);
            boolean wanted = Character.isDefined(character) && !Character.isSurrogate((char) character);
            String to = wanted ? Normalizer.normalize(from, Normalizer.Form.NFKC) : from;
            if (!to.equals(from) && replacements.size() < 12_000) {
                put(root, replacements, from, to);
            }
        }
        ToyCharacterMap map = new ToyCharacterMap();
        map.reserve(0);
        map.build(root, 0);
        ByteBuffer out = ByteBuffer.allocate(4 + map.units.size() * 4 + replacements.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(map.units.size() * 4);
        map.units.forEach(out::putInt);
        out.put(replacements.toByteArray());
        return out.array();
    }

    private static void put(Node root, ByteArrayOutputStream replacements, String from, String to) {
        Node node = root;
        for (byte value : from.getBytes(StandardCharsets.UTF_8)) {
            node = node.children.computeIfAbsent(value & 0xFF, label -> new Node());
        }
        node.value = replacements.size();
        replacements.writeBytes(to.getBytes(StandardCharsets.UTF_8));
        replacements.write(0);
    }

    private void reserve(int index) {
        while (units.size() <= (index | 0xFF)) {
            units.add(0);
            taken.add(false);
        }
        taken.set(index, true);
    }

    /** Puts the children of the node at an index where all of them fit; labels are xor-ed to a common base. */
    private void build(Node node, int index) {
        int base = 1;
        while (!fits(node, base) || !encodable(index ^ base)) {
            base++;
        }
        int offset = index ^ base;
        // An offset with many bits is written shifted by 8.
        int written = offset < 1 << 21 ? offset << 10 : (offset >> 8) << 10 | 1 << 9;
        int unit = units.get(index) | written;
        if (node.value >= 0) {
            reserve(base);
            units.set(base, node.value | 0x8000_0000);
            unit |= 1 << 8;
        }
        units.set(index, unit);
        for (Map.Entry<Integer, Node> child : node.children.entrySet()) {
            reserve(base ^ child.getKey());
            units.set(base ^ child.getKey(), child.getKey());
        }
        for (Map.Entry<Integer, Node> child : node.children.entrySet()) {
            build(child.getValue(), base ^ child.getKey());
        }
    }

    private static boolean encodable(int offset) {
        return offset < 1 << 21 || (offset & 0xFF) == 0;
    }

    private boolean fits(Node node, int base) {
        boolean free = node.value < 0 || isFree(base);
        for (int label : node.children.keySet()) {
            free &= isFree(base ^ label);
        }
        return free;
    }

    private boolean isFree(int index) {
        return index != 0 && (index >= taken.size() || !taken.get(index));
    }
}
