package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides whether a host is the instance that it says it is. */
@ApplicationScoped
public class InstanceProofs {
    private final ProofPolicy policy;
    private final RegionCertificates certificates;

    @Inject
    InstanceProofs(Settings settings) {
        this(IdentityConfig.from(settings));
    }

    InstanceProofs(IdentityConfig config) {
        this.policy = config.policy();
        this.certificates =
                config.certificates()
                        .map(RegionCertificates::read)
                        .orElseGet(() -> new RegionCertificates(Map.of()));
    }

    /**
     * The instance that AWS says the host is. Empty where that is not proven and need not be: a
     * host outside EC2, or one that is taken at its word.
     *
     * @param scope of the token
     * @param claimed instance id as the host says it; empty outside EC2
     * @param signed DER; empty when the host sent none
     * @throws InvalidFieldException a proof that proves nothing, or something else: such a host is
     *     not taken at its word either
     * @throws PreconditionFailedException a proof is required
     */
    public Optional<InstanceIdentity> of(Scope scope, String claimed, byte[] signed) {
        List<X509Certificate> trusted = certificates.of(scope.getRegion());
        if (signed.length == 0 || trusted.isEmpty()) {
            if (policy == ProofPolicy.REQUIRED && !claimed.isEmpty()) {
                throw unproven(scope, claimed, signed);
            }
            return Optional.empty();
        }
        InstanceIdentity identity = IdentityDocument.verified(signed, trusted);
        if (!identity.account().equals(scope.getAccountId())
                || !identity.region().equals(scope.getRegion())) {
            throw new InvalidFieldException(
                    IdentityDocument.FIELD,
                    "is of account %s and region %s, the token of %s and %s"
                            .formatted(
                                    identity.account(),
                                    identity.region(),
                                    scope.getAccountId(),
                                    scope.getRegion()),
                    "use a token for the account and region of this instance");
        }
        if (!claimed.isEmpty() && !claimed.equals(identity.instanceId())) {
            throw new InvalidFieldException(
                    "device.instance_id",
                    "is " + claimed + ", but AWS says " + identity.instanceId(),
                    "enrol without --instance-id");
        }
        return Optional.of(identity);
    }

    private static PreconditionFailedException unproven(
            Scope scope, String claimed, byte[] signed) {
        return new PreconditionFailedException(
                claimed,
                signed.length == 0
                        ? "enrolment needs a proof of the instance id, and none came: let the agent"
                                + " reach the instance metadata service (169.254.169.254, IMDSv2)"
                        : "the proof cannot be checked: put AWS's RSA-2048 certificate of %s into the folder of %s"
                                .formatted(scope.getRegion(), IdentityConfig.CERTIFICATES));
    }
}
