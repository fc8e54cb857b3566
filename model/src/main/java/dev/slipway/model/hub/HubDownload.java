package dev.slipway.model.hub;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ObjectLock;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchException;
import dev.slipway.fetch.FetchResponse;
import dev.slipway.fetch.Fetcher;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Fetches one file into the cache: goes on where an earlier try ended, and lets it appear when its hash is right. */
final class HubDownload {
    /** Another process may be fetching the same large file. */
    private static final Duration LOCK_PATIENCE = Duration.ofHours(6);

    private static final int BUFFER = 1 << 18;

    private final HubApi api;
    private final HubCache cache;
    private final HubModel model;
    private final Cancellation cancellation;
    private final Retry retry;

    HubDownload(HubApi api, HubCache cache, HubModel model, Cancellation cancellation, Retry retry) {
        this.api = api;
        this.cache = cache;
        this.model = model;
        this.cancellation = cancellation;
        this.retry = retry;
    }

    /**
     * Makes sure that the file is in the cache.
     *
     * @param gained is told how many bytes of the file are there by now
     */
    void fetch(String commit, HubFile file, LongConsumer gained) {
        if (!Files.exists(cache.blob(file))) {
            try (ObjectLock _ = ObjectLock.acquire(cache.lock(file), file.name(), LOCK_PATIENCE, cancellation)) {
                if (!Files.exists(cache.blob(file))) {
                    fetchLocked(commit, file, gained);
                }
            }
        }
        gained.accept(file.size());
        cache.link(commit, file);
    }

    private void fetchLocked(String commit, HubFile file, LongConsumer gained) {
        Path part = cache.part(file);
        try {
            Files.createDirectories(part.toAbsolutePath().getParent());
            boolean resumed = Files.exists(part);
            String found = gather(commit, file, part, gained);
            if (!found.equals(file.hash()) && resumed) {
                // What lay there was not the beginning of this file.
                Files.delete(part);
                found = gather(commit, file, part, gained);
            }
            if (!found.equals(file.hash())) {
                Files.delete(part);
                throw HubErrors.mismatch(model, file, found);
            }
            AtomicFiles.syncFile(part);
            AtomicFiles.rename(part, cache.blob(file));
        } catch (IOException e) {
            throw AtomicFiles.explain("put " + file.name() + " of " + model.id() + " into the cache", e);
        }
    }

    /** Fetches what is missing; gives up when several tries in a row bring nothing. Returns the hash. */
    private String gather(String commit, HubFile file, Path part, LongConsumer gained) throws IOException {
        if (!Files.exists(part)) {
            Files.createFile(part);
        }
        if (Files.size(part) > file.size()) {
            Files.delete(part);
            Files.createFile(part);
        }
        while (Files.size(part) < file.size()) {
            long before = Files.size(part);
            try {
                Fetcher.retry(retry, cancellation, () -> {
                    fetchRest(commit, file, part, gained);
                    return part;
                });
            } catch (FetchException e) {
                if (!e.retryable() || Files.size(part) <= before) {
                    throw e;
                }
            }
            if (Files.size(part) <= before) {
                throw HubErrors.tooShort(model, file, before);
            }
        }
        return hash(file, part);
    }

    private void fetchRest(String commit, HubFile file, Path part, LongConsumer gained) {
        try {
            long offset = Files.size(part);
            try (FetchResponse response = api.open(model, commit, file, offset)) {
                // A server may ignore that only the rest is wanted, or begin elsewhere.
                long begin = response.offset();
                if (begin != offset) {
                    try (var whole = java.nio.channels.FileChannel.open(part, StandardOpenOption.WRITE)) {
                        whole.truncate(Math.min(begin, offset));
                    }
                }
                append(response.body(), file, part, gained);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + file.name() + " of " + model.id(), e);
        }
    }

    private void append(InputStream in, HubFile file, Path part, LongConsumer gained) throws IOException {
        long size = Files.size(part);
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.APPEND)) {
            for (int read = in.read(buffer); read >= 0 && size < file.size(); read = in.read(buffer)) {
                int wanted = (int) Math.min(read, file.size() - size);
                out.write(buffer, 0, wanted);
                size += wanted;
                gained.accept(size);
                cancellation.throwIfCancelled();
            }
        }
    }

    private static String hash(HubFile file, Path part) throws IOException {
        if (file.large()) {
            return Digest.sha256(part).hex();
        }
        MessageDigest git = sha1();
        git.update(("blob " + file.size() + "\0").getBytes(StandardCharsets.UTF_8));
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(part)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                git.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(git.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }
}
