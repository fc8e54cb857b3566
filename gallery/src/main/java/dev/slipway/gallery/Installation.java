package dev.slipway.gallery;

/**
 * What an installation did.
 *
 * @param backend what lies on disk now
 * @param changed whether another version was published; false when it was there already
 * @param bytesFetched how many bytes came over the network
 */
public record Installation(InstalledBackend backend, boolean changed, long bytesFetched) {}
