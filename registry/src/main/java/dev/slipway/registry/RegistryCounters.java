package dev.slipway.registry;

/**
 * What a registry has served so far. Only bodies count, and of each only what was really sent.
 *
 * @param requests requests answered, errors among them
 */
public record RegistryCounters(long requests, long manifestBytes, long blobBytes) {}
