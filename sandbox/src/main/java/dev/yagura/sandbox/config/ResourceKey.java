package dev.yagura.sandbox.config;

import java.util.Comparator;

/**
 * What AWS Config knows a resource of the account and region by.
 *
 * @param type for example {@code AWS::EC2::Instance}
 */
record ResourceKey(String type, String id) implements Comparable<ResourceKey> {
    /** In no type, and after every one of them in the order of characters that ids have. */
    static final String AFTER_EVERY_ID = "\uffff";

    private static final Comparator<ResourceKey> ORDER =
            Comparator.comparing(ResourceKey::type).thenComparing(ResourceKey::id);

    /** Of {@link #toString}; of an empty text what is before every other. */
    static ResourceKey parse(String text) {
        int space = text.indexOf(' ');
        return space < 0
                ? new ResourceKey("", "")
                : new ResourceKey(text.substring(0, space), text.substring(space + 1));
    }

    @Override
    public int compareTo(ResourceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return type + " " + id;
    }
}
