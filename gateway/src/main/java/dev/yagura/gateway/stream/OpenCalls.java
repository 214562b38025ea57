package dev.yagura.gateway.stream;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.proto.type.v1.PrincipalKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Every open call by its principal. */
@ApplicationScoped
public class OpenCalls {
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(1);

    /** Agents and tokens have ids of their own makers: the kind keeps them apart. */
    private record Key(PrincipalKind kind, String id) {}

    private final Clock clock;
    private final Map<Key, Set<OpenCall>> calls = new ConcurrentHashMap<>();

    @Inject
    public OpenCalls(Clock clock) {
        this.clock = clock;
    }

    public void add(OpenCall call) {
        calls.compute(
                key(call),
                (key, open) -> {
                    Set<OpenCall> set = open == null ? ConcurrentHashMap.newKeySet() : open;
                    set.add(call);
                    return set;
                });
    }

    public void remove(OpenCall call) {
        calls.computeIfPresent(
                key(call),
                (key, open) -> {
                    open.remove(call);
                    return open.isEmpty() ? null : open;
                });
    }

    /** Ends the calls of a principal whose proof was revoked or replaced. */
    public void terminate(PrincipalKind kind, String id, String why) {
        terminate(
                calls.getOrDefault(new Key(kind, id), Set.of()),
                call -> true,
                unauthenticated(why));
    }

    /** Ends every call of this kind, since it cannot be said any more who may stay. */
    public void terminateAll(PrincipalKind kind, YaguraException reason) {
        calls.forEach((key, open) -> {
            if (key.kind() == kind) {
                terminate(open, call -> true, reason);
            }
        });
    }

    /** Ends the calls whose certificate or token is over. */
    public void terminateExpired() {
        Instant now = clock.instant();
        calls.values()
                .forEach(open ->
                        terminate(
                                open,
                                call -> isExpired(call, now),
                                unauthenticated("the certificate or token of this call expired")));
    }

    /** Ends the streams, which would never end by themselves; short calls go on. */
    public void terminateStreams() {
        YaguraException reason =
                new DependencyUnavailableException("this gateway stops and", RECONNECT_AFTER);
        calls.values().forEach(open -> terminate(open, OpenCall::isStream, reason));
    }

    /** Streams that are open now. */
    public long streams() {
        return calls.values().stream()
                .mapToLong(open -> open.stream().filter(OpenCall::isStream).count())
                .sum();
    }

    private static void terminate(
            Set<OpenCall> open, Predicate<OpenCall> which, YaguraException reason) {
        List.copyOf(open).stream().filter(which).forEach(call -> call.terminate(reason));
    }

    private static boolean isExpired(OpenCall call, Instant now) {
        Instant end = call.principal().expireTime();
        return end != null && !end.isAfter(now);
    }

    private static UnauthenticatedException unauthenticated(String why) {
        return new UnauthenticatedException(why);
    }

    private static Key key(OpenCall call) {
        return new Key(call.principal().kind(), call.principal().id());
    }
}
