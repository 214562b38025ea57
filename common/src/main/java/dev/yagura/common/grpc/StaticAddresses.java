package dev.yagura.common.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Targets "yagura-static:///host:port,host:port": fixed addresses, balanced by the channel; host
 * names are resolved again on each refresh. Found by gRPC through {@code META-INF/services}.
 */
public final class StaticAddresses extends NameResolverProvider {
    private static final String SCHEME = "yagura-static";

    static String target(List<InetSocketAddress> addresses) {
        return addresses.stream()
                .map(address -> address.getHostString() + ":" + address.getPort())
                .collect(Collectors.joining(",", SCHEME + ":///", ""));
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return target.getScheme().equals(SCHEME)
                ? new Resolver(target.getPath().substring(1).split(","), args)
                : null;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 4; // below DNS, so that DNS stays the default scheme
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    /**
     * Asks in a thread of its own: whoever makes the first call, and the threads of the channel,
     * must not wait for a name server that does not answer. No deadline would end that.
     */
    private static final class Resolver extends NameResolver {
        private final String[] addresses;
        private final Executor asking;
        private final SynchronizationContext channel;
        private @Nullable Listener2 listener;
        private boolean asks;

        Resolver(String[] addresses, Args args) {
            this.addresses = addresses;
            this.asking = Objects.requireNonNull(args.getOffloadExecutor());
            this.channel = args.getSynchronizationContext();
        }

        @Override
        public String getServiceAuthority() {
            return addresses[0];
        }

        @Override
        public void start(Listener2 listener) {
            this.listener = listener;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 told = listener;
            if (told == null || asks) {
                return;
            }
            asks = true;
            asking.execute(() -> {
                try {
                    told.onResult(found());
                } finally {
                    channel.execute(() -> asks = false);
                }
            });
        }

        private ResolutionResult found() {
            return ResolutionResult.newBuilder()
                    .setAddressesOrError(
                            StatusOr.fromValue(
                                    Arrays.stream(addresses).map(Resolver::group).toList()))
                    .build();
        }

        @Override
        public void shutdown() {}

        private static EquivalentAddressGroup group(String address) {
            int colon = address.lastIndexOf(':');
            return new EquivalentAddressGroup(
                    new InetSocketAddress(
                            address.substring(0, colon),
                            Integer.parseInt(address.substring(colon + 1))));
        }
    }
}
