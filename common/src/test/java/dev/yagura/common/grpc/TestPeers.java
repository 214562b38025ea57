package dev.yagura.common.grpc;

import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates of made-up services and agents, all of one authority. */
final class TestPeers {
    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final CertificateAuthority authority;
    private final Path authorityFile;

    TestPeers(Path folder) throws GeneralSecurityException, IOException {
        this.folder = folder;
        this.authority = CertificateAuthority.create("test", Instant.now(), DAY);
        this.authorityFile = folder.resolve("ca.pem");
        Files.writeString(authorityFile, Pem.encode(List.of(authority.certificate())));
    }

    TlsFiles service(String name) throws GeneralSecurityException, IOException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        return files(
                name,
                pair,
                authority.issueService(
                        name, List.of("localhost"), pair.getPublic(), Instant.now(), DAY));
    }

    TlsFiles agent(String id) throws GeneralSecurityException, IOException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        return files(id, pair, authority.issueAgent(id, pair.getPublic(), Instant.now(), DAY));
    }

    private TlsFiles files(String name, KeyPair pair, X509Certificate certificate)
            throws IOException {
        Path certificateFile = folder.resolve(name + ".pem");
        Path keyFile = folder.resolve(name + ".key");
        Files.writeString(certificateFile, Pem.encode(List.of(certificate)));
        Pem.writePrivate(keyFile, Pem.encode(pair.getPrivate()));
        return new TlsFiles(certificateFile, keyFile, List.of(authorityFile));
    }

    static GrpcServerConfig serverConfig() {
        return new GrpcServerConfig(
                "localhost", 0, 512 * 1024, Duration.ofSeconds(2), Duration.ofHours(1));
    }

    static GrpcClientConfig clientConfig(int... ports) {
        return new GrpcClientConfig(
                java.util.Arrays.stream(ports)
                        .mapToObj(port -> InetSocketAddress.createUnresolved("localhost", port))
                        .toList(),
                Duration.ofSeconds(5));
    }
}
