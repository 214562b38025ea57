package dev.yagura.agent.enrollment;

import com.google.protobuf.ByteString;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.IdentityProof;
import dev.yagura.proto.telemetry.v1.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Exchanges a token for a certificate. The key is kept before it is used, so an enrolment that was
 * cut goes on with the same key; an agent that is enrolled stays as it is, unless its state came
 * with the disk of another instance: then it is another agent, with a key of its own.
 */
public final class Enrollment {
    private final StateFolder state;
    private final Gateway gateway;
    private final Clock clock;

    /** The call to the inventory. */
    @FunctionalInterface
    public interface Gateway {
        EnrollAgentResponse enroll(EnrollAgentRequest request);
    }

    /**
     * What the command was given.
     *
     * @param authority certificate of the gateway's authority, PEM
     * @param token asked for only when there is something to enrol
     * @param instanceId empty outside EC2
     * @param signedIdentity what AWS signed about the instance, PKCS #7 in DER; asked for only when
     *     there is something to enrol
     * @param again with a new key, although there is a certificate
     */
    public record Request(
            String gateway,
            Path authority,
            Supplier<String> token,
            String instanceId,
            Supplier<Optional<byte[]>> signedIdentity,
            String hostname,
            String version,
            boolean again) {}

    /**
     * How it ended.
     *
     * @param already the agent was enrolled before; nothing was changed
     * @param proven the server knows from AWS which instance this is; false when already enrolled
     */
    public record Result(AgentIdentity identity, boolean already, boolean proven) {}

    public Enrollment(StateFolder state, Gateway gateway, Clock clock) {
        this.state = state;
        this.gateway = gateway;
        this.clock = clock;
    }

    /** Enrols, or says that it is done already. */
    public Result enroll(Request request) {
        state.create();
        try {
            if (state.copiedFrom(request.instanceId()).isPresent()) {
                state.forgetHost();
            } else if (request.again()) {
                state.forgetKey();
            } else if (state.isEnrolled() && !isExpired()) {
                return new Result(state.identity(), true, false);
            }
            KeyPair keys = keys();
            EnrollAgentResponse response =
                    gateway.enroll(
                            EnrollAgentRequest.newBuilder()
                                    .setToken(request.token().get())
                                    .setCertificateSigningRequest(
                                            ByteString.copyFrom(signingRequest(keys)))
                                    .setDevice(device(request))
                                    .setInstanceIdentity(
                                            request.signedIdentity()
                                                    .get()
                                                    .map(ByteString::copyFrom)
                                                    .orElse(ByteString.EMPTY))
                                    .setVersion(request.version())
                                    .build());
            return new Result(
                    keep(request, response, keys.getPublic()),
                    false,
                    response.getIdentityProof()
                            == IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT);
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot write to "
                            + state.path()
                            + " ("
                            + e.getMessage()
                            + "): free disk space, or give a --state that this user may write",
                    e);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "key or certificate not usable: " + e.getMessage(),
                    e);
        }
    }

    private boolean isExpired() throws IOException {
        return Pem.readCertificates(state.certificate())
                .getFirst()
                .getNotAfter()
                .toInstant()
                .isBefore(clock.instant());
    }

    private AgentIdentity keep(Request request, EnrollAgentResponse response, PublicKey key)
            throws IOException, GeneralSecurityException {
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        for (ByteString certificate : response.getCertificateChainList()) {
            certificate.writeTo(chain);
        }
        List<X509Certificate> certificates = Pem.certificates(chain.toByteArray());
        if (certificates.isEmpty() || !certificates.getFirst().getPublicKey().equals(key)) {
            throw new GeneralSecurityException(
                    "the gateway answered with a certificate for another key");
        }
        AgentIdentity identity =
                new AgentIdentity(
                        response.getAgentId(),
                        response.getHostId(),
                        response.getScope().getPartition(),
                        response.getScope().getAccountId(),
                        response.getScope().getRegion(),
                        request.gateway(),
                        request.instanceId(),
                        request.hostname());
        Files.copy(request.authority(), state.authority(), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(state.certificate(), Pem.encode(certificates));
        state.write(identity);
        return identity;
    }

    private static Device device(Request request) {
        Device.Builder device =
                Device.newBuilder()
                        .setInstanceId(request.instanceId())
                        .setHostname(request.hostname())
                        .setOs("linux")
                        .setBootId(HostFacts.bootId());
        if (request.instanceId().isEmpty()) {
            String machine = HostFacts.machineId();
            if (machine.isEmpty()) {
                throw new AgentFailure(
                        AgentFailure.Kind.USAGE,
                        "this host has neither an instance id nor /etc/machine-id: give --instance-id, or run systemd-machine-id-setup");
            }
            device.setHostId(machine);
        }
        return device.build();
    }

    private KeyPair keys() throws IOException, GeneralSecurityException {
        Path publicFile = state.publicKey();
        if (Files.exists(state.key()) && Files.exists(publicFile)) {
            PrivateKey kept = Pem.readPrivateKey(state.key());
            byte[] encoded = Base64.getDecoder().decode(Files.readString(publicFile).strip());
            return new KeyPair(
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded)),
                    kept);
        }
        KeyPair made = CertificateAuthority.newKeyPair();
        Files.writeString(
                publicFile,
                Base64.getEncoder().encodeToString(made.getPublic().getEncoded()) + "\n");
        Pem.writePrivate(state.key(), Pem.encode(made.getPrivate()));
        return made;
    }

    private static byte[] signingRequest(KeyPair keys)
            throws IOException, OperatorCreationException {
        return new JcaPKCS10CertificationRequestBuilder(
                        new X500Name("CN=yagura-agent"), keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
    }
}
