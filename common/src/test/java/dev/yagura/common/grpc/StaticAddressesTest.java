package dev.yagura.common.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class StaticAddressesTest {
    private final Queue<Runnable> asked = new ArrayDeque<>();
    private final Listener listener = new Listener();

    @Test
    void nobodyWaitsForTheNameServer() {
        NameResolver resolver =
                Objects.requireNonNull(
                        new StaticAddresses()
                                .newNameResolver(
                                        URI.create(
                                                StaticAddresses.target(
                                                        List.of(address(7001), address(7002)))),
                                        arguments()));

        resolver.start(listener);
        resolver.refresh();
        assertThat(listener.found).as("whoever calls first goes on").isEmpty();
        assertThat(asked).as("one question at a time").hasSize(1);

        asked.remove().run();
        assertThat(listener.found)
                .extracting(
                        group -> ((InetSocketAddress) group.getAddresses().getFirst()).getPort())
                .containsExactly(7001, 7002);
        resolver.refresh();
        assertThat(asked).as("again").hasSize(1);
    }

    private static InetSocketAddress address(int port) {
        return InetSocketAddress.createUnresolved("127.0.0.1", port);
    }

    private NameResolver.Args arguments() {
        return NameResolver.Args.newBuilder()
                .setDefaultPort(1)
                .setProxyDetector(target -> null)
                .setSynchronizationContext(
                        new SynchronizationContext((thread, problem) -> {
                            throw new AssertionError(problem);
                        }))
                .setServiceConfigParser(
                        new NameResolver.ServiceConfigParser() {
                            @Override
                            public NameResolver.ConfigOrError parseServiceConfig(
                                    Map<String, ?> raw) {
                                return NameResolver.ConfigOrError.fromConfig(raw);
                            }
                        })
                .setOffloadExecutor(asked::add)
                .build();
    }

    private static final class Listener extends NameResolver.Listener2 {
        private final List<EquivalentAddressGroup> found = new ArrayList<>();

        @Override
        public void onResult(NameResolver.ResolutionResult result) {
            found.addAll(result.getAddressesOrError().getValue());
        }

        @Override
        public void onError(Status error) {
            throw new AssertionError(error);
        }
    }
}
