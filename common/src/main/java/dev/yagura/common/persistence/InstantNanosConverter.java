package dev.yagura.common.persistence;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Instants as bigint, nanoseconds since 1970 UTC, exact from 1678 to 2262. For times that come from
 * sensors and are compared with them again; named per attribute by {@code @Convert}.
 */
@Converter
public class InstantNanosConverter implements AttributeConverter<Instant, Long> {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    @Override
    public @Nullable Long convertToDatabaseColumn(@Nullable Instant instant) {
        return instant == null
                ? null
                : Math.addExact(
                        Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND),
                        instant.getNano());
    }

    @Override
    public @Nullable Instant convertToEntityAttribute(@Nullable Long nanos) {
        return nanos == null ? null : Instant.ofEpochSecond(0, nanos);
    }
}
