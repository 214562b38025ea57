package dev.yagura.gateway.admission;

import dev.yagura.common.tls.PeerIdentity;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a verified client certificate says about an agent.
 *
 * @param publicKeySha256 of the key in its X.509 form (SubjectPublicKeyInfo, DER), hexadecimal
 */
public record AgentCertificate(
        String agentId, String publicKeySha256, Instant notBefore, Instant notAfter) {

    /** Empty when the certificate is no agent's. */
    public static Optional<AgentCertificate> of(X509Certificate certificate) {
        return PeerIdentity.of(certificate)
                .filter(PeerIdentity.Agent.class::isInstance)
                .map(PeerIdentity.Agent.class::cast)
                .map(agent ->
                        new AgentCertificate(
                                agent.agentId(),
                                sha256(certificate.getPublicKey().getEncoded()),
                                certificate.getNotBefore().toInstant(),
                                certificate.getNotAfter().toInstant()));
    }

    private static String sha256(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
