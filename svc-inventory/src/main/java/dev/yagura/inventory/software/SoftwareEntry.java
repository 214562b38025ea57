package dev.yagura.inventory.software;

import dev.yagura.common.text.Texts;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

/**
 * A package or program, the same on every host that has it.
 *
 * @param release of an RPM; else empty, as what is not told
 */
record SoftwareEntry(
        String name, String version, String release, String architecture, String publisher)
        implements Comparable<SoftwareEntry> {
    private static final int MAX_NAME = 256;
    private static final int MAX_TEXT = 128;

    private static final Comparator<SoftwareEntry> ORDER =
            Comparator.comparing(SoftwareEntry::name)
                    .thenComparing(SoftwareEntry::version)
                    .thenComparing(SoftwareEntry::release)
                    .thenComparing(SoftwareEntry::architecture)
                    .thenComparing(SoftwareEntry::publisher);

    /**
     * As AWS:Application has it, cut.
     *
     * @param attributes by name; those that are not told are missing
     */
    static SoftwareEntry of(Map<String, String> attributes) {
        return new SoftwareEntry(
                Texts.clip(attributes.getOrDefault("Name", ""), MAX_NAME),
                text(attributes, "Version"),
                text(attributes, "Release"),
                text(attributes, "Architecture"),
                text(attributes, "Publisher"));
    }

    private static String text(Map<String, String> attributes, String name) {
        return Texts.clip(attributes.getOrDefault(name, ""), MAX_TEXT);
    }

    /** What a name is found by, in any case. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(SoftwareEntry other) {
        return ORDER.compare(this, other);
    }
}
