package dev.slipway.model.hub;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.base.Tasks;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.model.hub.HubApi.Revision;
import dev.slipway.model.huggingface.ShardIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Models from the Hub: what is complete in the cache is taken from there without asking anybody; else it is fetched into
 * the cache, whose layout is that of the Hub's own tools, so that each finds what the other fetched.
 *
 * <p>Every file is verified by its hash before it appears; what a broken connection left is gone on with. The token goes to
 * the endpoint alone, never to where that redirects.
 */
public final class Hub {
    /** Files that are fetched side by side. */
    private static final int SIDE_BY_SIDE = 4;

    private final HubSettings settings;
    private final Retry retry;

    private Hub(HubSettings settings, Retry retry) {
        this.settings = settings;
        this.retry = retry;
    }

    public static Hub of(HubSettings settings) {
        return new Hub(settings, Retry.DEFAULT);
    }

    /** The Hub that this process's environment names. */
    public static Hub fromEnvironment() {
        return of(HubSettings.from(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    /** The same with another patience. */
    Hub with(Retry policy) {
        return new Hub(settings, policy);
    }

    /**
     * The model's folder or GGUF file on this disk, for {@link dev.slipway.model.OpenModel#open}.
     *
     * @throws dev.slipway.model.ModelException {@code model.hub-…} when there is none, it is not allowed, not usable, or
     *     does not fit the disk
     * @throws dev.slipway.fetch.FetchException when the Hub does not answer
     */
    public Path locate(HubModel model, ProgressListener progress, Cancellation cancellation) {
        HubCache cache = new HubCache(settings, model);
        Optional<Path> complete = cache.complete();
        if (complete.isPresent()) {
            return complete.get();
        }
        if (settings.offline()) {
            throw HubErrors.offline(model, settings);
        }
        try (Fetcher fetcher = Fetcher.create(FetchOptions.defaults())) {
            HubApi api = new HubApi(fetcher, settings, cancellation);
            Revision revision = api.revision(model);
            HubDownload download = new HubDownload(api, cache, model, cancellation, retry);
            Path found = new Fetching(model, revision, cache, download, progress, cancellation).run();
            cache.refer(revision.commit());
            return found;
        }
    }

    /** One model on its way. */
    private final class Fetching {
        private final HubModel model;
        private final Revision revision;
        private final HubCache cache;
        private final HubDownload download;
        private final ProgressListener progress;
        private final Cancellation cancellation;

        Fetching(
                HubModel model,
                Revision revision,
                HubCache cache,
                HubDownload download,
                ProgressListener progress,
                Cancellation cancellation) {
            this.model = model;
            this.revision = revision;
            this.cache = cache;
            this.download = download;
            this.progress = progress;
            this.cancellation = cancellation;
        }

        Path run() {
            HubSelection selection = new HubSelection(model, revision);
            Path snapshot = cache.snapshot(revision.commit());
            if (selection.isGguf()) {
                HubFile file = selection.gguf();
                fetch(List.of(file), "fetch " + model);
                return snapshot.resolve(file.name());
            }
            List<HubFile> documents = selection.documents();
            fetch(documents, "fetch " + model + ": documents");
            Path index = snapshot.resolve(HubSelection.INDEX);
            fetch(
                    Files.exists(index)
                            ? selection.shards(ShardIndex.read(index).names())
                            : List.of(selection.single()),
                    "fetch " + model);
            return snapshot;
        }

        private void fetch(List<HubFile> files, String step) {
            checkSpace(files);
            Sum sum = new Sum(step, files);
            List<Callable<Path>> jobs = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                int number = i;
                jobs.add(() -> {
                    download.fetch(revision.commit(), files.get(number), bytes -> sum.gained(number, bytes));
                    return cache.blob(files.get(number));
                });
            }
            Tasks.runAll(jobs, SIDE_BY_SIDE, cancellation);
        }

        private void checkSpace(List<HubFile> files) {
            try {
                long needed = 0;
                for (HubFile file : files) {
                    Path part = cache.part(file);
                    long there = Files.exists(part) ? Files.size(part) : 0;
                    needed += Files.exists(cache.blob(file)) ? 0 : Math.max(0, file.size() - there);
                }
                Files.createDirectories(settings.cache());
                long free = Files.getFileStore(settings.cache()).getUsableSpace();
                if (needed > free) {
                    throw HubErrors.noSpace(model, settings, needed, free);
                }
            } catch (IOException e) {
                throw dev.slipway.base.AtomicFiles.explain("use the cache " + settings.cache(), e);
            }
        }

        /** Progress of several files as one figure that never falls. */
        private final class Sum {
            private final ReentrantLock lock = new ReentrantLock();
            private final String step;
            private final long[] gained;
            private final long total;
            private long told;

            Sum(String step, List<HubFile> files) {
                this.step = step;
                this.gained = new long[files.size()];
                this.total = files.stream().mapToLong(HubFile::size).sum();
            }

            void gained(int file, long bytes) {
                lock.lock();
                try {
                    gained[file] = Math.max(gained[file], bytes);
                    long sum = java.util.Arrays.stream(gained).sum();
                    if (sum > told) {
                        told = sum;
                        progress.step(step, sum, total);
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
