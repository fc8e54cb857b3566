package dev.slipway.oci.tree;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an entry lies in a tree: components from the root down, none of them empty, {@code .} or {@code ..}.
 *
 * <p>Names are bytes, not text: each char holds one (ISO 8859-1).
 *
 * @param bytes components joined by slashes; empty for the root
 */
public record TreePath(String bytes) {
    public static final TreePath ROOT = new TreePath("");

    private static final int MAX_COMPONENT = 255;
    private static final int MAX_DEPTH = 1024;

    /**
     * Reads a path as archives write it: leading slashes, empty and {@code .} components mean nothing, {@code ..} goes up.
     *
     * @throws OciException {@code oci.unsafe-path} when it leads out of the root
     */
    public static TreePath parse(String bytes) {
        // Many tools write this in front of every name.
        String rest = bytes.startsWith("./") ? bytes.substring(2) : bytes;
        return isTidy(rest) ? new TreePath(rest.substring(0, tidyLength(rest))) : parseAny(bytes);
    }

    private static int tidyLength(String bytes) {
        return bytes.endsWith("/") ? bytes.length() - 1 : bytes.length();
    }

    /** Whether it is a short name as most are, without anything to look into: there are very many to be read. */
    private static boolean isTidy(String bytes) {
        boolean start = true;
        for (int i = 0; i < bytes.length(); i++) {
            char letter = bytes.charAt(i);
            if (start && (letter == '/' || letter == '.')) {
                return false;
            }
            start = letter == '/';
        }
        return !bytes.isEmpty() && bytes.length() <= MAX_COMPONENT;
    }

    private static TreePath parseAny(String bytes) {
        List<String> components = new ArrayList<>();
        for (String component : bytes.split("/", -1)) {
            if (component.equals("..")) {
                if (components.isEmpty()) {
                    throw unsafe(bytes, "it leads out of the image");
                }
                components.removeLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                if (component.length() > MAX_COMPONENT) {
                    throw unsafe(bytes, "a part is longer than " + MAX_COMPONENT + " bytes");
                }
                components.add(component);
            }
        }
        if (components.size() > MAX_DEPTH) {
            throw unsafe(bytes, "it is deeper than " + MAX_DEPTH + " folders");
        }
        return new TreePath(String.join("/", components));
    }

    public boolean isRoot() {
        return bytes.isEmpty();
    }

    /** The last component; empty for the root. */
    public String name() {
        return bytes.substring(bytes.lastIndexOf('/') + 1);
    }

    /** The path without its last component; the root's is the root. */
    public TreePath parent() {
        int slash = bytes.lastIndexOf('/');
        return slash < 0 ? ROOT : new TreePath(bytes.substring(0, slash));
    }

    public TreePath child(String name) {
        return isRoot() ? new TreePath(name) : new TreePath(bytes + "/" + name);
    }

    public List<String> components() {
        return isRoot() ? List.of() : List.of(bytes.split("/"));
    }

    private static OciException unsafe(String bytes, String why) {
        String shown = TarHeader.textOf(bytes.substring(0, Math.min(bytes.length(), 200)));
        return OciException.invalid("oci.unsafe-path", "Unpacking '" + shown + "' was refused: " + why + ".");
    }

    /** As text, with a leading slash; for people only, since it may lose bytes. */
    @Override
    public String toString() {
        return "/" + TarHeader.textOf(bytes);
    }
}
