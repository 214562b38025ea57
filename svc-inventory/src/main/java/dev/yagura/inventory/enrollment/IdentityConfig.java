package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What section "enrollment" says of proofs.
 *
 * @param certificates folder of AWS's certificates; empty where nothing can be proven
 */
record IdentityConfig(ProofPolicy policy, Optional<Path> certificates) {
    static final String CERTIFICATES = "yagura.inventory.enrollment.identity-certificates";

    static IdentityConfig from(Settings settings) {
        Settings enrollment = settings.section("enrollment");
        IdentityConfig config =
                new IdentityConfig(
                        enrollment.choice(
                                "proof",
                                ProofPolicy.class,
                                ProofPolicy.ACCEPTED,
                                "An EC2 instance id without a proof is refused (required), or taken"
                                        + " and marked as unproven (accepted)."),
                        enrollment
                                .optionalText(
                                        "identity-certificates",
                                        "Folder with AWS's RSA-2048 certificates for instance"
                                                + " identity documents, PEM, a file a region such as"
                                                + " ap-northeast-1.pem; AWS publishes them in the EC2"
                                                + " user guide. Without it no instance id is proven.")
                                .map(Path::of));
        if (config.policy() == ProofPolicy.REQUIRED && config.certificates().isEmpty()) {
            throw new InvalidSettingException(
                    CERTIFICATES, "is needed where yagura.inventory.enrollment.proof is required");
        }
        return config;
    }
}
