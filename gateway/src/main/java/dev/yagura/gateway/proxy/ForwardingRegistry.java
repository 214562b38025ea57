package dev.yagura.gateway.proxy;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.Descriptors;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.identity.Principal;
import dev.yagura.gateway.access.AccessTable;
import dev.yagura.gateway.access.GrpcContracts;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The public methods of the services behind, each with a handler that forwards it. Reflection reads
 * the same list, so it describes what can be called and nothing else. Methods that are not public
 * have a handler too, which refuses: so that who tries them passes the guard and is seen.
 */
public final class ForwardingRegistry extends HandlerRegistry implements AutoCloseable {
    private final Map<String, Upstream> upstreams = new HashMap<>();
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final List<ServerServiceDefinition> services = new ArrayList<>();

    public ForwardingRegistry(AccessTable access, ProxyConfig config, SslContext tls) {
        config.upstreams()
                .forEach((name, client) ->
                        upstreams.put(name, new Upstream(name, client, tls, config)));
        GrpcContracts.servedBehind().forEach(service -> addService(service, access));
    }

    private void addService(Descriptors.ServiceDescriptor service, AccessTable access) {
        Upstream upstream = upstreams.get(GrpcContracts.area(service));
        if (upstream == null) {
            throw new IllegalStateException("nothing serves " + service.getFullName());
        }
        List<ServerMethodDefinition<byte[], byte[]>> open =
                service.getMethods().stream()
                        .filter(method -> access.isPublic(GrpcContracts.fullName(method)))
                        .map(method -> forwarding(method, upstream))
                        .toList();
        if (open.isEmpty()) {
            return;
        }
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(service.getFullName())
                        .setSchemaDescriptor((ProtoFileDescriptorSupplier) service::getFile);
        open.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(descriptor.build());
        open.forEach(definition::addMethod);
        services.add(definition.build());
        open.forEach(
                method -> methods.put(method.getMethodDescriptor().getFullMethodName(), method));
    }

    @Override
    public List<ServerServiceDefinition> getServices() {
        return List.copyOf(services);
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(
            String methodName, @Nullable String authority) {
        ServerMethodDefinition<?, ?> method = methods.get(methodName);
        return method == null ? refusing(methodName) : method;
    }

    @Override
    public void close() {
        upstreams.values().forEach(Upstream::close);
    }

    private static ServerMethodDefinition<byte[], byte[]> forwarding(
            Descriptors.MethodDescriptor method, Upstream upstream) {
        MethodDescriptor<byte[], byte[]> descriptor = RawMethods.of(method);
        return ServerMethodDefinition.create(descriptor, new Forward(descriptor, upstream));
    }

    private static ServerMethodDefinition<byte[], byte[]> refusing(String methodName) {
        return ServerMethodDefinition.create(
                RawMethods.of(methodName, MethodType.UNKNOWN),
                (call, headers) -> {
                    call.close(
                            Status.UNIMPLEMENTED.withDescription("no such method is served here"),
                            new Metadata());
                    return new ServerCall.Listener<>() {};
                });
    }

    private record Forward(MethodDescriptor<byte[], byte[]> method, Upstream upstream)
            implements ServerCallHandler<byte[], byte[]> {
        @Override
        public ServerCall.Listener<byte[]> startCall(
                ServerCall<byte[], byte[]> call, Metadata headers) {
            Upstream.Lease lease = lease();
            // Callbacks only hand bytes on, they never block: no thread in between.
            CallOptions options =
                    CallOptions.DEFAULT
                            .withExecutor(MoreExecutors.directExecutor())
                            .withDeadline(Context.current().getDeadline());
            ClientCall<byte[], byte[]> answer = lease.channel().newCall(method, options);
            return new Relay(upstream.name(), call, answer, lease.release()).start(headers);
        }

        private Upstream.Lease lease() {
            Principal principal = Callers.current();
            if (method.getType() == MethodType.UNARY) {
                return upstream.shortCall();
            }
            return principal.agent().isPresent()
                    ? upstream.agentStream(principal.id())
                    : upstream.stream();
        }
    }
}
