package dev.yagura.gateway;

import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.inventory.v1.Admission;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Channel;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Agents with certificates of the test's authority; the played inventory may know them. */
final class AgentClients {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final GatewayFixture gateway;
    private final TestCertificates certificates;
    private final Path folder;

    AgentClients(GatewayFixture gateway, TestCertificates certificates, Path folder) {
        this.gateway = gateway;
        this.certificates = certificates;
        this.folder = folder;
    }

    /** Connected as an agent that the gateway has heard of. */
    Channel admitted(String agent) throws Exception {
        KeyPair pair = CertificateAuthority.newKeyPair();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
        gateway.services()
                .admit(
                        Admission.newBuilder()
                                .setAgentId(agent)
                                .setHostId("host-of-" + agent)
                                .setPublicKeySha256(HexFormat.of().formatHex(hash))
                                .build());
        Instant from = Instant.now().minus(Duration.ofHours(1));
        Channel channel = gateway.open(files(agent, pair, certificates.authority(), from));
        Calls.await(() -> Calls.code(() -> Calls.list(channel)) == Status.Code.PERMISSION_DENIED);
        return channel;
    }

    /** Connected with a certificate of this age that the inventory does not know. */
    Channel unknown(String agent, Instant from) throws Exception {
        return gateway.open(certificate(agent, certificates.authority(), from));
    }

    /** A certificate for a day. */
    TlsFiles certificate(String agent, CertificateAuthority authority, Instant from)
            throws Exception {
        return files(agent, CertificateAuthority.newKeyPair(), authority, from);
    }

    private TlsFiles files(String name, KeyPair pair, CertificateAuthority authority, Instant from)
            throws Exception {
        Path file = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        Files.writeString(
                file,
                Pem.encode(List.of(authority.issueAgent(name, pair.getPublic(), from, VALIDITY))));
        Pem.writePrivate(key, Pem.encode(pair.getPrivate()));
        return new TlsFiles(file, key, List.of(certificates.authorityFile()));
    }
}
