package dev.slipway.http;

import java.nio.file.Path;

/**
 * What a server needs to speak TLS.
 *
 * @param certificate PEM file of the server's certificate, followed by those that lead to its root
 * @param key PEM file of the private key, in PKCS#8 form without a password
 */
public record TlsFiles(Path certificate, Path key) {}
