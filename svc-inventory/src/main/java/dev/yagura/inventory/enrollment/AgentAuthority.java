package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.tls.CertificateAuthority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Signs certificates of agents. Its key is read once, at the start. */
@ApplicationScoped
public class AgentAuthority {
    private static final String KEY = "yagura.inventory.ca.key";
    private static final String CERTIFICATE = "yagura.inventory.ca.certificate";

    private final EnrollmentConfig config;
    private final CertificateAuthority authority;
    private final Clock clock;

    /**
     * A certificate that was signed.
     *
     * @param chain DER, leaf first, then the authority
     */
    public record Issued(List<byte[]> chain, Instant expireTime) {
        public Issued {
            chain = List.copyOf(chain);
        }
    }

    @Inject
    AgentAuthority(Settings settings, Clock clock) {
        this(EnrollmentConfig.from(settings), clock);
    }

    AgentAuthority(EnrollmentConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.authority = load(config);
        requirePair();
        requireCurrent();
    }

    /** A client certificate for an agent; it ends with the authority's at the latest. */
    public Issued issue(UUID agentId, SigningRequest request) {
        try {
            X509Certificate leaf =
                    authority.issueAgent(
                            agentId.toString(),
                            request.publicKey(),
                            clock.instant(),
                            config.validity());
            return new Issued(
                    List.of(leaf.getEncoded(), authority.certificate().getEncoded()),
                    leaf.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign the certificate of an agent", e);
        }
    }

    private static CertificateAuthority load(EnrollmentConfig config) {
        try {
            return CertificateAuthority.load(config.certificate(), config.key());
        } catch (IOException e) {
            throw new InvalidSettingException(
                    CERTIFICATE, "cannot read the authority of agents: " + e.getMessage());
        }
    }

    private void requirePair() {
        byte[] probe = {1, 2, 3};
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(authority.key());
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(authority.certificate().getPublicKey());
            signature.update(probe);
            if (!signature.verify(signed)) {
                throw new InvalidSettingException(KEY, "is not the key of " + CERTIFICATE);
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidSettingException(KEY, "cannot sign: " + e.getMessage());
        }
    }

    private void requireCurrent() {
        Instant end = authority.certificate().getNotAfter().toInstant();
        if (!clock.instant().isBefore(end)) {
            throw new InvalidSettingException(CERTIFICATE, "ended at " + end);
        }
        if (authority.certificate().getBasicConstraints() < 0) {
            throw new InvalidSettingException(
                    CERTIFICATE, "is not the certificate of an authority");
        }
    }
}
