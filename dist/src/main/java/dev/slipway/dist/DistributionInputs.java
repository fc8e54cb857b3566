package dev.slipway.dist;

import java.nio.file.Path;

/**
 * What a distribution is made from.
 *
 * @param repository the checkout, for licence texts, scripts and the demo model
 * @param jdk the JDK whose runtime the backend's image gets
 * @param version the version in the image's reference
 * @param classPath jars of the program and the backend, in the form of {@code java.class.path}
 */
public record DistributionInputs(Path repository, Path jdk, String version, String classPath) {}
