package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Hashes blobs at rest again. */
final class Verification {
    private static final int BUFFER = 1 << 18;

    private Verification() {}

    /**
     * Hashes blobs of a store; {@code removed} is asked to take a damaged one out and says whether it was damaged still.
     */
    static VerifyReport verify(
            Blobs store,
            Collection<Digest> digests,
            Predicate<Digest> removed,
            ProgressListener progress,
            Cancellation cancellation) {
        long checked = 0;
        long bytes = 0;
        List<Digest> damaged = new ArrayList<>();
        for (Digest digest : digests) {
            OptionalLong size = store.size(digest);
            if (size.isPresent()) {
                if (!matches(store, digest, cancellation) && removed.test(digest)) {
                    damaged.add(digest);
                }
                checked++;
                bytes += size.getAsLong();
            }
            progress.step("verify", bytes, ProgressListener.Progress.UNKNOWN);
        }
        return new VerifyReport(checked, new ByteSize(bytes), damaged);
    }

    private static boolean matches(Blobs store, Digest digest, Cancellation cancellation) {
        try (InputStream in = store.open(digest)) {
            return matches(in, digest, cancellation);
        } catch (CodedException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                // Collected since it was looked for.
                return true;
            }
            throw e;
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + digest, e);
        }
    }

    static boolean matches(InputStream in, Digest digest, Cancellation cancellation) throws IOException {
        MessageDigest hasher = digest.hasher();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            cancellation.throwIfCancelled();
            hasher.update(buffer, 0, read);
        }
        return Digest.of(digest.algorithm(), hasher.digest()).equals(digest);
    }
}
