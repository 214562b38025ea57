package dev.yagura.inventory.software;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Systems Manager's inventory has of a host.
 *
 * @param entries each once, in order
 * @param installTimes of each entry; empty where it is not told
 * @param captureTime when the host's SSM agent looked; null where it is not told
 * @param leftOut entries that are not kept: beyond the most, or without a name
 */
record SoftwareReport(
        List<SoftwareEntry> entries,
        List<Optional<Instant>> installTimes,
        @Nullable Instant captureTime,
        int leftOut) {
    static final int MOST = 5_000;

    SoftwareReport {
        entries = List.copyOf(entries);
        installTimes = List.copyOf(installTimes);
    }

    /** Of pages as they come. */
    static final class Collector {
        private final SortedMap<SoftwareEntry, Optional<Instant>> entries = new TreeMap<>();
        private int leftOut;

        /** An entry of AWS:Application. */
        void add(Map<String, String> attributes) {
            SoftwareEntry entry = SoftwareEntry.of(attributes);
            boolean known = entries.containsKey(entry);
            if (entry.name().isEmpty() || (!known && entries.size() == MOST)) {
                leftOut++;
                return;
            }
            Optional<Instant> time = time(attributes.get("InstalledTime"));
            entries.merge(entry, time, (first, second) -> first.or(() -> second));
        }

        SoftwareReport at(@Nullable Instant captureTime) {
            return new SoftwareReport(
                    new ArrayList<>(entries.keySet()),
                    new ArrayList<>(entries.values()),
                    captureTime,
                    leftOut);
        }
    }

    /** Empty for what is no time in UTC: programs write there what they like. */
    static Optional<Instant> time(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The same for the same entries, whenever each was installed. SHA-256. */
    byte[] fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (SoftwareEntry entry : entries) {
                add(digest, entry.name());
                add(digest, entry.version());
                add(digest, entry.release());
                add(digest, entry.architecture());
                add(digest, entry.publisher());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** No text has a NUL: what ends one is no part of another. */
    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
