package dev.slipway.oci.tree;

import java.io.IOException;
import java.nio.file.Path;

/** A program that begins to lay out a tree, says so, and waits until it is killed. */
final class StuckUnpacking {
    private StuckUnpacking() {}

    public static void main(String[] args) throws IOException {
        try (DirectorySink sink = DirectorySink.create(Path.of(args[0]))) {
            SampleTree.add(sink, SampleTree.directory("", SampleTree.owned(0755, 0, 0)));
            SampleTree.add(sink, SampleTree.directory("a", SampleTree.owned(0, 0, 0)));
            SampleTree.add(sink, SampleTree.file("a/b", 3, SampleTree.owned(0, 0, 0)));
            System.out.println("waiting");
            System.in.read();
        }
    }
}
