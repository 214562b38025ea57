package dev.yagura.common.grpc;

import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.tls.PeerIdentity;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who calls a service: the gateway speaks for the principal in its header, another service speaks
 * for itself, nobody else may call. Health and reflection need the certificate only.
 */
final class PrincipalInterceptor implements ServerInterceptor {
    private static final String GATEWAY = "gateway";

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (service != null && service.startsWith("grpc.")) {
            return next.startCall(call, headers);
        }
        return Contexts.interceptCall(
                Callers.with(principal(peer(call), headers)), call, headers, next);
    }

    private static Principal principal(Optional<PeerIdentity> peer, Metadata headers) {
        if (!(peer.orElse(null) instanceof PeerIdentity.Service service)) {
            throw new UnauthenticatedException(
                    "the peer certificate is no service's; call through the gateway");
        }
        if (!service.name().equals(GATEWAY)) {
            return Principal.service(service.name());
        }
        dev.yagura.proto.type.v1.Principal sent = headers.get(Callers.PRINCIPAL_HEADER);
        if (sent == null) {
            throw new UnauthenticatedException("the gateway sent no principal");
        }
        return Principal.of(sent);
    }

    /** Identity in the verified client certificate of the connection, if there is one. */
    static Optional<PeerIdentity> peer(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain[0] instanceof X509Certificate leaf
                    ? PeerIdentity.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty(); // no client certificate was shown
        }
    }
}
