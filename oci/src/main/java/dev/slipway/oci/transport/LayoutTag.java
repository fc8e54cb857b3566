package dev.slipway.oci.transport;

import dev.slipway.oci.OciException;
import java.util.regex.Pattern;

/** The names that images have in an OCI image layout. */
final class LayoutTag {
    private static final Pattern LEGAL = Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._:@+/-]{0,511})?");

    private LayoutTag() {}

    static String checked(String tag) {
        if (!LEGAL.matcher(tag).matches()) {
            String shown = tag.substring(0, Math.min(tag.length(), 64));
            throw OciException.invalid(
                    "oci.invalid-location",
                    "The tag '" + shown + "' is malformed: in an image layout it is up to 512 of"
                            + " A-Z a-z 0-9 - . _ : @ + /, with a letter or digit first.");
        }
        return tag;
    }
}
