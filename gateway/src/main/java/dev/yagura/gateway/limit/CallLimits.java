package dev.yagura.gateway.limit;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.identity.Principal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** Refuses what is too much, and says when to try again. */
@ApplicationScoped
public class CallLimits {
    /** Buckets kept of each kind; the least used ones are forgotten, that is: full again. */
    private static final int MAX_BUCKETS = 100_000;

    private static final int IPV6_NETWORK_BYTES = 8;
    private static final Duration STREAM_RETRY = Duration.ofSeconds(10);

    private final LimitConfig config;
    private final LongSupplier nanoTime;
    private final Map<String, TokenBucket> principals = leastUsedFirst();
    private final Map<String, TokenBucket> addresses = leastUsedFirst();
    private final Map<String, TokenBucket> failures = leastUsedFirst();
    private final Map<String, Integer> streams = new ConcurrentHashMap<>();

    @Inject
    public CallLimits(Settings settings) {
        this(LimitConfig.from(settings), System::nanoTime);
    }

    CallLimits(LimitConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
    }

    /** Counts a call from an address. */
    public void takeAddress(InetAddress address) {
        take(addresses, network(address), config.addressCalls(), "calls from this address");
    }

    /** Counts a call of a principal. */
    public void takePrincipal(Principal principal) {
        take(principals, key(principal), config.principalCalls(), "calls of this principal");
    }

    /** Refuses to look at another proof while too many of this address were wrong. */
    public void requireAttempt(InetAddress address) {
        long now = nanoTime.getAsLong();
        TokenBucket bucket = failures(address);
        if (!bucket.hasOne(now)) {
            throw new LimitExceededException(
                    "too many attempts from this address without a valid token or certificate",
                    bucket.untilNext(now));
        }
    }

    /** Counts a wrong proof. */
    public void failedAttempt(InetAddress address) {
        failures(address).take(nanoTime.getAsLong());
    }

    /** Counts a stream that opens; {@link #closeStream} counts it off. */
    public void openStream(Principal principal) {
        streams.compute(
                key(principal),
                (key, open) -> {
                    int count = open == null ? 0 : open;
                    if (count >= config.principalStreams()) {
                        throw new LimitExceededException(
                                "too many open streams of this principal, at most "
                                        + config.principalStreams(),
                                STREAM_RETRY);
                    }
                    return count + 1;
                });
    }

    public void closeStream(Principal principal) {
        streams.computeIfPresent(key(principal), (key, open) -> open == 1 ? null : open - 1);
    }

    private void take(Map<String, TokenBucket> buckets, String key, int perSecond, String what) {
        long now = nanoTime.getAsLong();
        TokenBucket bucket =
                bucket(buckets, key, time -> new TokenBucket(perSecond, 2.0 * perSecond, time));
        if (!bucket.take(now)) {
            throw new LimitExceededException(
                    "too many " + what + ", at most " + perSecond + " a second",
                    bucket.untilNext(now));
        }
    }

    private TokenBucket failures(InetAddress address) {
        return bucket(
                failures,
                network(address),
                now ->
                        new TokenBucket(
                                config.failedAttempts() / 60.0, config.failedAttempts(), now));
    }

    private TokenBucket bucket(
            Map<String, TokenBucket> buckets, String key, LongFunction<TokenBucket> maker) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(key, absent -> maker.apply(nanoTime.getAsLong()));
        }
    }

    private static Map<String, TokenBucket> leastUsedFirst() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                return size() > MAX_BUCKETS;
            }
        };
    }

    private static String key(Principal principal) {
        return principal.kind() + "/" + principal.id();
    }

    /** An IPv6 host has a whole /64 to call from. */
    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of()
                .formatHex(
                        address instanceof Inet6Address
                                ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES)
                                : bytes);
    }
}
