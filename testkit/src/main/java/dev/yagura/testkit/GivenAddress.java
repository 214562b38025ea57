package dev.yagura.testkit;

import java.util.Locale;
import java.util.Optional;

/** Addresses of servers that the developer runs. */
final class GivenAddress {
    private GivenAddress() {}

    /** "yagura.test.redis.url" is also read from YAGURA_TEST_REDIS_URL. */
    static Optional<String> of(String property) {
        String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(value -> !value.isBlank());
    }
}
