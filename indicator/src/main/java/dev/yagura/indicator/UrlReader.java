package dev.yagura.indicator;

import java.util.Arrays;
import java.util.Locale;

/**
 * The parts of a URL in a longer text, found without making objects. Used by one thread.
 *
 * <p>Normal form: scheme and host in lower case, the host as A-labels without a dot at its end, no
 * user, no default port, "/" for an empty path, no fragment; path and query as they are.
 */
final class UrlReader {
    private static final byte ENDS = 1;
    private static final byte MAY_END = 2;
    private static final byte[] CLASSES = classes();

    private int schemeFrom;
    private int schemeTo;
    private int hostFrom;
    private int hostTo;
    private int portFrom;
    private int portTo;
    private int restFrom;
    private int restTo;
    private boolean ascii;

    private static byte[] classes() {
        byte[] classes = new byte[128];
        // What no URL has unescaped, and the fragment.
        Arrays.fill(classes, 0, ' ' + 1, ENDS);
        "\"'<>`\\^#\u007f".chars().forEach(c -> classes[c] = ENDS);
        ";&|),]}".chars().forEach(c -> classes[c] = MAY_END);
        return classes;
    }

    /**
     * Finds the parts.
     *
     * @param colon where "://" begins
     * @param from the scheme begins here at the earliest
     * @return false when that is no URL
     */
    boolean read(String text, int colon, int from, int to) {
        schemeTo = colon;
        schemeFrom = colon;
        while (schemeFrom > from && isScheme(text.charAt(schemeFrom - 1))) {
            schemeFrom--;
        }
        while (schemeFrom < schemeTo && !isLetter(text.charAt(schemeFrom))) {
            schemeFrom++;
        }
        if (schemeFrom == schemeTo) {
            return false;
        }
        restTo = colon + 3;
        ascii = true;
        int slash = -1;
        while (restTo < to && !endsUrl(text.charAt(restTo))) {
            char c = text.charAt(restTo);
            if (slash < 0 && (c == '/' || c == '?')) {
                slash = restTo;
            } else if (slash < 0 && c != ']' && mayEndUrl(c)) {
                break; // no host has it
            }
            ascii &= slash >= 0 || c < 0x80;
            restTo++;
        }
        restFrom = slash < 0 ? restTo : slash;
        return authority(text, colon + 3);
    }

    private boolean authority(String text, int from) {
        hostFrom = from;
        for (int index = from; index < restFrom; index++) {
            if (text.charAt(index) == '@') {
                hostFrom = index + 1;
            }
        }
        hostTo = restFrom;
        portFrom = restFrom;
        portTo = restFrom;
        if (hostFrom < hostTo && text.charAt(hostFrom) == '[') {
            int bracket = text.indexOf(']', hostFrom);
            if (bracket < 0 || bracket >= hostTo) {
                return false;
            }
            hostTo = bracket + 1;
            if (hostTo < restFrom && text.charAt(hostTo) != ':') {
                return false;
            }
            portFrom = Math.min(restFrom, hostTo + 1);
        } else {
            int colon = text.indexOf(':', hostFrom);
            if (colon >= 0 && colon < hostTo) {
                hostTo = colon;
                portFrom = colon + 1;
            }
        }
        while (hostTo > hostFrom && text.charAt(hostTo - 1) == '.') {
            hostTo--;
        }
        for (int index = portFrom; index < portTo; index++) {
            if (text.charAt(index) < '0' || text.charAt(index) > '9') {
                // "http://evil.example;id": what follows the host is not of the URL.
                portTo = index;
                restFrom = index;
                restTo = index;
            }
        }
        if (isDefaultPort(text)) {
            portFrom = portTo;
        }
        return hostTo > hostFrom;
    }

    int schemeFrom() {
        return schemeFrom;
    }

    int schemeTo() {
        return schemeTo;
    }

    int hostFrom() {
        return hostFrom;
    }

    int hostTo() {
        return hostTo;
    }

    int portFrom() {
        return portFrom;
    }

    int portTo() {
        return portTo;
    }

    int restFrom() {
        return restFrom;
    }

    int restTo() {
        return restTo;
    }

    /** False when the host must be turned into A-labels first. */
    boolean isAscii() {
        return ascii;
    }

    /** The normal form, up to an end within the rest. */
    String normal(String text, int end) throws MalformedIndicatorException {
        String host = text.substring(hostFrom, hostTo);
        StringBuilder normal = new StringBuilder();
        normal.append(text.substring(schemeFrom, schemeTo).toLowerCase(Locale.ROOT)).append("://");
        normal.append(ascii ? host.toLowerCase(Locale.ROOT) : Domains.normal(host));
        if (portFrom < portTo) {
            normal.append(':').append(text, portFrom, portTo);
        }
        if (restFrom == end || text.charAt(restFrom) != '/') {
            normal.append('/');
        }
        return normal.append(text, restFrom, end).toString();
    }

    private boolean isDefaultPort(String text) {
        int length = schemeTo - schemeFrom;
        return isPort(text, "80")
                        && length == 4
                        && text.regionMatches(true, schemeFrom, "http", 0, 4)
                || isPort(text, "443")
                        && length == 5
                        && text.regionMatches(true, schemeFrom, "https", 0, 5)
                || isPort(text, "21")
                        && length == 3
                        && text.regionMatches(true, schemeFrom, "ftp", 0, 3);
    }

    private boolean isPort(String text, String port) {
        return portTo - portFrom == port.length() && text.startsWith(port, portFrom);
    }

    private static boolean endsUrl(char c) {
        return c < CLASSES.length && CLASSES[c] == ENDS;
    }

    /** Characters of URLs that may as well be the shell's, after the URL. */
    static boolean mayEndUrl(char c) {
        return c < CLASSES.length && CLASSES[c] == MAY_END;
    }

    private static boolean isLetter(char c) {
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'z';
    }

    private static boolean isScheme(char c) {
        return isLetter(c) || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.';
    }
}
