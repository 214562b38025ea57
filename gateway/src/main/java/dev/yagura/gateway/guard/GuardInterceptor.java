package dev.yagura.gateway.guard;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.StatusTable;
import dev.yagura.gateway.admission.AgentCertificate;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Brings every call before the {@link Gate}, and its end back to it. */
public final class GuardInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final String BEARER = "Bearer ";

    /** What only the platform may say; a caller who says it is not heard. */
    private static final String PLATFORM_PREFIX = "yagura-";

    private final Gate gate;
    private final boolean isInside;

    private GuardInterceptor(Gate gate, boolean isInside) {
        this.gate = gate;
        this.isInside = isInside;
    }

    /** Of the public port: where a call comes from is what its socket says. */
    public static GuardInterceptor ofSockets(Gate gate) {
        return new GuardInterceptor(gate, false);
    }

    /**
     * Of calls from within this process: where one comes from is what {@link GrpcPeerHeader} says.
     */
    public static GuardInterceptor ofLocalCalls(Gate gate) {
        return new GuardInterceptor(gate, true);
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        Arrival arrival = arrival(call, headers);
        strip(headers);
        GrpcGuardedCall<Q, S> guarded = new GrpcGuardedCall<>(call);
        try {
            if (!gate.access().isPublic(arrival.method())) {
                gate.unserved(arrival);
                call.close(
                        Status.UNIMPLEMENTED.withDescription("no such method is served here"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
            AdmittedCall admitted = gate.admit(arrival, guarded::terminate);
            return serve(guarded, admitted, headers, next);
        } catch (YaguraException e) {
            StatusRuntimeException answer = StatusTable.status(e);
            call.close(answer.getStatus(), trailers(answer));
            return new ServerCall.Listener<>() {};
        }
    }

    private static <Q, S> ServerCall.Listener<Q> serve(
            GrpcGuardedCall<Q, S> call,
            AdmittedCall admitted,
            Metadata headers,
            ServerCallHandler<Q, S> next) {
        headers.put(Callers.PRINCIPAL_HEADER, admitted.principal().toProto());
        Context.CancellableContext context = Callers.with(admitted.principal()).withCancellation();
        call.opened(admitted, context);
        return new GrpcGuardedCall.EndListener<>(
                Contexts.interceptCall(context, call, headers, next), call);
    }

    private Arrival arrival(ServerCall<?, ?> call, Metadata headers) {
        return new Arrival(
                call.getMethodDescriptor().getFullMethodName(),
                call.getMethodDescriptor().getType() != MethodType.UNARY,
                isInside ? said(headers) : peer(call),
                certificate(call).flatMap(AgentCertificate::of),
                bearer(headers.get(AUTHORIZATION)));
    }

    private static Optional<String> bearer(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
    }

    private static void strip(Metadata headers) {
        for (String name : List.copyOf(headers.keys())) {
            if (name.startsWith(PLATFORM_PREFIX) || name.equals(AUTHORIZATION.name())) {
                headers.discardAll(key(name));
            }
        }
    }

    private static Metadata.Key<?> key(String name) {
        return name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                ? Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)
                : Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static InetSocketAddress said(Metadata headers) {
        InetSocketAddress peer = headers.get(GrpcPeerHeader.KEY);
        if (peer == null) {
            throw new IllegalStateException("a call from within that says nothing of its peer");
        }
        return peer;
    }

    private static InetSocketAddress peer(ServerCall<?, ?> call) {
        if (call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                instanceof InetSocketAddress address) {
            return address;
        }
        throw new IllegalStateException("a call without an address of its peer");
    }

    /** Verified by the TLS handshake against the trusted authorities. */
    private static Optional<X509Certificate> certificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? Optional.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty(); // no client certificate was shown
        }
    }

    static Metadata trailers(StatusRuntimeException error) {
        Metadata trailers = error.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }
}
