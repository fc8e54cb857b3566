package dev.slipway.engine.grammar.schema;

import java.util.Map;
import java.util.TreeSet;

/** The formats of strings, each as a pattern whose texts are all of that format, though not every one there is. */
final class Formats {
    private static final String DAY = "[12]\\d{3}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))";
    private static final String HOUR = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-](0\\d|1[0-3]):[0-5]\\d)";
    private static final String LABEL = "[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,2}";
    private static final String HOST = "(" + LABEL + "\\.){1,3}(com|org|net|edu|info|dev|de|uk|fr|jp|cn|br|in|io)";
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d{2}|[1-9]?\\d)";
    private static final String HEX = "[0-9a-fA-F]";
    private static final String WEB = "https?://" + HOST + "(:[1-9]\\d{1,3})?(/[A-Za-z0-9._~-]{1,40}){0,8}/?"
            + "(\\?[A-Za-z0-9._~=&-]{1,100})?(#[A-Za-z0-9._~-]{1,40})?";

    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("date", DAY),
            Map.entry("time", HOUR),
            Map.entry("date-time", "(" + DAY + ")T" + HOUR),
            Map.entry("duration", "P(\\d{1,4}D(T\\d{1,4}H)?|T\\d{1,4}[HMS]|\\d{1,4}[WMY])"),
            Map.entry("uuid", HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}"),
            Map.entry("email", "[A-Za-z0-9_+-]{1,30}(\\.[A-Za-z0-9_+-]{1,30})?@" + HOST),
            Map.entry("hostname", HOST),
            Map.entry("ipv4", BYTE + "(\\." + BYTE + "){3}"),
            Map.entry("ipv6", "(" + HEX + "{1,4}:){7}" + HEX + "{1,4}"),
            Map.entry("uri", WEB),
            Map.entry("uri-reference", WEB),
            Map.entry("iri", WEB),
            Map.entry("iri-reference", WEB));

    private Formats() {}

    /** The pattern of a format, anchored at both ends. */
    static String pattern(SchemaNode format) {
        String pattern = PATTERNS.get(format.text());
        if (pattern == null) {
            throw SchemaFault.unsupported(
                    format.pointer(),
                    "the format '" + format.text() + "'; known are "
                            + String.join(", ", new TreeSet<>(PATTERNS.keySet())));
        }
        return "^(" + pattern + ")$";
    }
}
