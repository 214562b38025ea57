package dev.yagura.response.aws;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of each account and region, made at the first use and kept.
 *
 * @param <C> what one account and region is reached with
 */
public final class ScopedClients<C extends SdkAutoCloseable> implements AutoCloseable {
    private final Map<Scope, C> byScope = new ConcurrentHashMap<>();
    private final Function<Scope, C> open;

    public ScopedClients(Function<Scope, C> open) {
        this.open = open;
    }

    /** With the keys of the service. */
    public static <C extends SdkAutoCloseable> ScopedClients<C> of(
            Settings settings, BiFunction<AwsClients, Scope, C> open) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        return new ScopedClients<>(scope -> open.apply(aws, scope));
    }

    public C of(Scope scope) {
        return byScope.computeIfAbsent(scope, open);
    }

    @Override
    public void close() {
        byScope.values().forEach(SdkAutoCloseable::close);
        byScope.clear();
    }
}
