package dev.yagura.common.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a verified peer certificate says: its URI subject alternative name, in the SPIFFE form
 * "spiffe://yagura/service/{name}" or "spiffe://yagura/agent/{agent id}".
 */
public sealed interface PeerIdentity {
    String SERVICE_PREFIX = "spiffe://yagura/service/";
    String AGENT_PREFIX = "spiffe://yagura/agent/";

    /** A service of the platform. */
    record Service(String name) implements PeerIdentity {}

    /** An agent; which host and scope it belongs to is in the inventory. */
    record Agent(String agentId) implements PeerIdentity {}

    /** Reads the identity; empty when the certificate has none or more than one URI name. */
    static Optional<PeerIdentity> of(X509Certificate certificate) {
        List<String> uris = uris(certificate);
        if (uris.size() != 1) {
            return Optional.empty();
        }
        String uri = uris.getFirst();
        if (uri.startsWith(SERVICE_PREFIX)) {
            return Optional.of(new Service(uri.substring(SERVICE_PREFIX.length())));
        }
        if (uri.startsWith(AGENT_PREFIX)) {
            return Optional.of(new Agent(uri.substring(AGENT_PREFIX.length())));
        }
        return Optional.empty();
    }

    private static List<String> uris(X509Certificate certificate) {
        final int uriType = 6; // GeneralName uniformResourceIdentifier, RFC 5280
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            return names.stream()
                    .filter(name -> Integer.valueOf(uriType).equals(name.get(0)))
                    .map(name -> (String) name.get(1))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
