package dev.yagura.gateway.token;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Tokens that exist, the least used leave first. What was read before an invalidation is never kept
 * after it.
 */
final class TokenCache {
    private record Entry(Token token, Instant readAt) {}

    private final Clock clock;
    private final int size;
    private final Duration time;
    private final LinkedHashMap<UUID, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long generation;

    TokenCache(Clock clock, int size, Duration time) {
        this.clock = clock;
        this.size = size;
        this.time = time;
    }

    Optional<Token> fresh(UUID id) {
        Instant oldest = clock.instant().minus(time);
        synchronized (entries) {
            return Optional.ofNullable(entries.get(id))
                    .filter(entry -> entry.readAt().isAfter(oldest))
                    .map(Entry::token);
        }
    }

    /** The kept token, or the one that the reader finds, which is kept from then on. */
    Optional<Token> get(UUID id, Function<UUID, Optional<Token>> reader) {
        Optional<Token> kept = fresh(id);
        if (kept.isPresent()) {
            return kept;
        }
        long before = generation();
        Instant readAt = clock.instant();
        Optional<Token> read = reader.apply(id);
        read.ifPresent(token -> keep(token, readAt, before));
        return read;
    }

    void invalidate(UUID id) {
        synchronized (entries) {
            generation++;
            entries.remove(id);
        }
    }

    void invalidateAll() {
        synchronized (entries) {
            generation++;
            entries.clear();
        }
    }

    private long generation() {
        synchronized (entries) {
            return generation;
        }
    }

    private void keep(Token token, Instant readAt, long readInGeneration) {
        synchronized (entries) {
            if (readInGeneration != generation) {
                return;
            }
            entries.put(token.id(), new Entry(token, readAt));
            if (entries.size() > size) {
                Map.Entry<UUID, Entry> leastUsed = entries.firstEntry();
                entries.remove(leastUsed.getKey());
            }
        }
    }
}
