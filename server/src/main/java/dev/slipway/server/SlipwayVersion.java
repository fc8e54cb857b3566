package dev.slipway.server;

/** Which Slipway this is. */
public final class SlipwayVersion {
    private SlipwayVersion() {}

    /** Such as {@code 0.1.0}; {@code development} when it runs from class folders. */
    public static String current() {
        String version = SlipwayVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
