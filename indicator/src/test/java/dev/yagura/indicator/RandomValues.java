package dev.yagura.indicator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random indicators of every kind, and values that meet or nearly meet them. */
final class RandomValues {
    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    IndicatorKey key() {
        try {
            return switch (IndicatorKind.values()[random.nextInt(9)]) {
                case SHA256 -> IndicatorKey.parse(IndicatorKind.SHA256, hex(64));
                case SHA1 -> IndicatorKey.parse(IndicatorKind.SHA1, hex(40));
                case MD5 -> IndicatorKey.parse(IndicatorKind.MD5, hex(32));
                case ADDRESS -> IndicatorKey.parse(IndicatorKind.ADDRESS, address());
                case NETWORK -> network();
                case DOMAIN -> IndicatorKey.parse(IndicatorKind.DOMAIN, name());
                case DOMAIN_TREE -> IndicatorKey.parse(IndicatorKind.DOMAIN_TREE, name());
                case URL ->
                        IndicatorKey.parse(
                                IndicatorKind.URL,
                                (random.nextBoolean() ? "http://" : "https://")
                                        + (random.nextInt(4) == 0 ? address4() : name())
                                        + (random.nextInt(4) == 0 ? ":8080" : "")
                                        + "/"
                                        + word());
                case FILE ->
                        IndicatorKey.parse(
                                IndicatorKind.FILE,
                                (random.nextBoolean() ? "/" : "") + word() + "/" + word() + ".exe");
            };
        } catch (MalformedIndicatorException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Made of one of the keys, or of nothing. */
    String observed(Set<IndicatorKey> keys) {
        List<IndicatorKey> all = new ArrayList<>(keys);
        IndicatorKey key = random.nextInt(10) == 0 ? key() : all.get(random.nextInt(all.size()));
        String value = key.value();
        return switch (key.kind()) {
            case SHA256, SHA1, MD5 ->
                    random.nextBoolean()
                            ? value.toUpperCase(java.util.Locale.ROOT)
                            : changed(value);
            case ADDRESS -> random.nextInt(3) == 0 ? address() : value;
            case NETWORK -> {
                String base = value.substring(0, value.indexOf('/'));
                yield random.nextBoolean() || base.contains(":")
                        ? base
                        : base.substring(0, base.lastIndexOf('.') + 1) + random.nextInt(256);
            }
            case DOMAIN, DOMAIN_TREE ->
                    switch (random.nextInt(4)) {
                        case 0 -> value;
                        case 1 -> "www." + value + ".";
                        case 2 -> "x" + value;
                        default -> value.substring(value.indexOf('.') + 1);
                    };
            case URL ->
                    switch (random.nextInt(4)) {
                        case 0 -> value;
                        case 1 -> value + "#part";
                        case 2 -> value + "x";
                        default -> value.substring(0, value.length() - 1);
                    };
            case FILE ->
                    switch (random.nextInt(4)) {
                        case 0 -> value;
                        case 1 -> "/home/" + value;
                        case 2 -> "C:\\" + value.replace('/', '\\');
                        default -> "x" + value;
                    };
        };
    }

    private String changed(String hash) {
        int at = random.nextInt(hash.length());
        return hash.substring(0, at) + "0" + hash.substring(at + 1);
    }

    private String hex(int length) {
        StringBuilder hex = new StringBuilder();
        while (hex.length() < length) {
            hex.append(Integer.toHexString(random.nextInt(16)));
        }
        return hex.toString();
    }

    private String address() {
        return random.nextInt(3) == 0
                ? "2001:db8:%x::%x".formatted(random.nextInt(0x10000), random.nextInt(0x10000))
                : address4();
    }

    private String address4() {
        return "%d.%d.%d.%d"
                .formatted(
                        1 + random.nextInt(120),
                        random.nextInt(256),
                        random.nextInt(256),
                        random.nextInt(256));
    }

    private IndicatorKey network() throws MalformedIndicatorException {
        String address = address();
        int length = address.contains(":") ? 32 + random.nextInt(96) : 12 + random.nextInt(20);
        return IndicatorKey.parse(IndicatorKind.NETWORK, address + "/" + length);
    }

    private String name() {
        return word() + "." + word() + "." + (random.nextBoolean() ? "example" : "test");
    }

    private String word() {
        StringBuilder word = new StringBuilder("w");
        int length = 3 + random.nextInt(8);
        while (word.length() < length) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }
}
