package dev.yagura.indicator;

import java.util.LinkedHashSet;
import java.util.Set;

/** A value as events have it, and every indicator that it would meet. */
public final class ObservedValue {
    private static final int WIDEST_V4 = 8;
    private static final int WIDEST_V6 = 16;

    private ObservedValue() {}

    /** Keys of hashes, addresses and their networks, names and the trees above, URLs, paths. */
    public static Set<IndicatorKey> keys(String value) {
        Set<IndicatorKey> keys = new LinkedHashSet<>();
        String plain = Defanged.restore(value);
        for (IndicatorKind kind : IndicatorKind.values()) {
            switch (kind) {
                case SHA256, SHA1, MD5, URL, ADDRESS -> add(keys, kind, plain);
                case DOMAIN -> add(keys, kind, plain.startsWith("*") ? "" : plain);
                case NETWORK -> networks(keys, plain);
                case DOMAIN_TREE -> trees(keys, plain);
                case FILE -> files(keys, value.strip());
            }
        }
        int colon = plain.indexOf("://");
        UrlReader url = new UrlReader();
        if (colon > 0 && url.read(plain, colon, 0, plain.length())) {
            keys.addAll(hostKeys(plain.substring(url.hostFrom(), url.hostTo())));
        }
        return keys;
    }

    private static Set<IndicatorKey> hostKeys(String written) {
        Set<IndicatorKey> keys = new LinkedHashSet<>();
        boolean bracketed = written.startsWith("[") && written.endsWith("]");
        String host = bracketed ? written.substring(1, written.length() - 1) : written;
        add(keys, IndicatorKind.ADDRESS, host);
        networks(keys, host);
        add(keys, IndicatorKind.DOMAIN, host);
        trees(keys, host);
        return keys;
    }

    private static void networks(Set<IndicatorKey> keys, String text) {
        AddressReader reader = new AddressReader();
        if (reader.read(text, 0, text.length())) {
            int widest = reader.isV4() ? AddressReader.V4_PREFIX + WIDEST_V4 : WIDEST_V6;
            for (int length = 127; length >= widest; length--) {
                keys.add(
                        Addresses.network(
                                reader.high() & Addresses.highMask(length),
                                reader.low() & Addresses.lowMask(length),
                                length));
            }
        }
    }

    private static void trees(Set<IndicatorKey> keys, String text) {
        try {
            String name = Domains.normal(text);
            for (int from = 0; from >= 0; from = name.indexOf('.', from) + 1) {
                String above = name.substring(from);
                if (above.indexOf('.') < 0) {
                    return;
                }
                keys.add(new IndicatorKey(IndicatorKind.DOMAIN_TREE, above));
            }
        } catch (MalformedIndicatorException e) {
            // It is no name.
        }
    }

    private static void files(Set<IndicatorKey> keys, String text) {
        String path = FilePaths.normal(text, 0, FilePaths.end(text));
        if (!path.isEmpty()) {
            keys.add(new IndicatorKey(IndicatorKind.FILE, path));
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            keys.add(new IndicatorKey(IndicatorKind.FILE, path.substring(slash + 1)));
        }
    }

    private static void add(Set<IndicatorKey> keys, IndicatorKind kind, String text) {
        try {
            keys.add(IndicatorKey.parse(kind, text));
        } catch (MalformedIndicatorException e) {
            // It is no value of this kind.
        }
    }
}
