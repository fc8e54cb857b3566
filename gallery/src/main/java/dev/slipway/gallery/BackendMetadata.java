package dev.slipway.gallery;

import java.time.Instant;

/**
 * What {@code metadata.json} beside an installed {@code run.sh} says. Keys as LocalAI writes them, so that either
 * program can list what the other installed.
 *
 * @param name the gallery's name of the backend
 * @param alias may be empty, as all but the name
 * @param uri where the bytes came from, as the index gives it
 * @param digest the manifest that was unpacked, such as {@code sha256:…}
 * @param version the index's version text
 * @param galleryUrl the index that named it
 * @param installedAt when it was published; the epoch when unknown
 */
public record BackendMetadata(
        String name, String alias, String uri, String digest, String version, String galleryUrl, Instant installedAt) {}
