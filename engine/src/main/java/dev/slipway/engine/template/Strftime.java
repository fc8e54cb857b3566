package dev.slipway.engine.template;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Locale;

/** C's date formats, in English. */
final class Strftime {
    private Strftime() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char letter = format.charAt(at);
            if (letter != '%' || at + 1 == format.length()) {
                out.append(letter);
                continue;
            }
            at++;
            boolean unpadded = format.charAt(at) == '-' && at + 1 < format.length();
            if (unpadded) {
                at++;
            }
            String field = field(format.charAt(at), time);
            out.append(unpadded && field.length() > 1 && field.startsWith("0") ? field.substring(1) : field);
        }
        return out.toString();
    }

    private static String field(char letter, ZonedDateTime time) {
        return switch (letter) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'e' -> String.format("%2d", time.getDayOfMonth());
            case 's' -> Long.toString(time.toEpochSecond());
            case 'f' -> String.format("%06d", time.getNano() / 1000);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'd' -> pattern("dd", time);
            case 'm' -> pattern("MM", time);
            case 'y' -> pattern("yy", time);
            case 'Y' -> pattern("yyyy", time);
            case 'H' -> pattern("HH", time);
            case 'I' -> pattern("hh", time);
            case 'M' -> pattern("mm", time);
            case 'S' -> pattern("ss", time);
            case 'j' -> pattern("DDD", time);
            case 'F' -> pattern("yyyy-MM-dd", time);
            case 'T' -> pattern("HH:mm:ss", time);
            case 'R' -> pattern("HH:mm", time);
            case 'D', 'x' -> pattern("MM/dd/yy", time);
            case 'X' -> pattern("HH:mm:ss", time);
            // The time is local and without a zone, as Python's datetime.now() is.
            case 'z', 'Z' -> "";
            default -> throw TemplateFault.error("'strftime_now' does not know %" + letter);
        };
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
