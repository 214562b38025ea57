package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** One client of an API a scope, made when it is first asked for. */
public final class ClientByScope<C extends SdkAutoCloseable> implements AutoCloseable {
    private final Function<Scope, C> making;
    private final Map<Scope, C> clients = new ConcurrentHashMap<>();

    public ClientByScope(Function<Scope, C> making) {
        this.making = making;
    }

    public C of(Scope scope) {
        return clients.computeIfAbsent(scope, making);
    }

    @Override
    public void close() {
        clients.values().forEach(SdkAutoCloseable::close);
    }
}
