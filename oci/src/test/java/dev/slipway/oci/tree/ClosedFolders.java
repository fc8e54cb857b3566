package dev.slipway.oci.tree;

import java.io.IOException;
import java.nio.file.Path;

/** A program that closes a sink whose directories have got modes under which their owner cannot enter them. */
final class ClosedFolders {
    private ClosedFolders() {}

    public static void main(String[] args) throws IOException {
        try (DirectorySink sink = DirectorySink.create(Path.of(args[0]))) {
            SampleTree.add(sink, SampleTree.directory("", SampleTree.owned(0, 0, 0)));
            SampleTree.add(sink, SampleTree.directory("a", SampleTree.owned(0, 0, 0)));
            SampleTree.add(sink, SampleTree.directory("a/b", SampleTree.owned(0100, 0, 0)));
            SampleTree.add(sink, SampleTree.file("a/b/c", 3, SampleTree.owned(0, 0, 0)));
            sink.finish();
        }
        System.out.println("closed");
    }
}
