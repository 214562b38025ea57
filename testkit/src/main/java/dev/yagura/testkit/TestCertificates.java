package dev.yagura.testkit;

import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority of the test and certificates by it, as PEM files. Use a folder of {@code @TempDir}.
 */
public final class TestCertificates {
    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final Path folder;
    private final Clock clock;
    private final CertificateAuthority authority;
    private final Path authorityFile;

    /** A new authority; its certificate is "ca.pem". */
    public TestCertificates(Path folder, Clock clock) throws IOException, GeneralSecurityException {
        this.folder = folder;
        this.clock = clock;
        this.authority = CertificateAuthority.create("test authority", clock.instant(), VALIDITY);
        this.authorityFile = folder.resolve("ca.pem");
        Files.writeString(authorityFile, Pem.encode(List.of(authority.certificate())));
    }

    public CertificateAuthority authority() {
        return authority;
    }

    public Path authorityFile() {
        return authorityFile;
    }

    /** Server and client certificate of a service on loopback: spiffe://yagura/service/{name}. */
    public TlsFiles service(String name) throws IOException, GeneralSecurityException {
        return service(name, clock.instant());
    }

    /** Like {@link #service(String)}, but its time was over before now. */
    public TlsFiles expiredService(String name) throws IOException, GeneralSecurityException {
        return service(name, clock.instant().minus(VALIDITY.multipliedBy(2)));
    }

    /** Client certificate of an agent: spiffe://yagura/agent/{id}. */
    public TlsFiles agent(String agentId) throws IOException, GeneralSecurityException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        return write(
                agentId,
                pair,
                authority.issueAgent(agentId, pair.getPublic(), clock.instant(), VALIDITY));
    }

    private TlsFiles service(String name, Instant from)
            throws IOException, GeneralSecurityException {
        KeyPair pair = CertificateAuthority.newKeyPair();
        return write(
                name,
                pair,
                authority.issueService(name, LOOPBACK, pair.getPublic(), from, VALIDITY));
    }

    private TlsFiles write(String name, KeyPair pair, X509Certificate certificate)
            throws IOException {
        Path certificateFile = folder.resolve(name + ".pem");
        Path keyFile = folder.resolve(name + ".key");
        Files.writeString(certificateFile, Pem.encode(List.of(certificate)));
        Pem.writePrivate(keyFile, Pem.encode(pair.getPrivate()));
        return new TlsFiles(certificateFile, keyFile, List.of(authorityFile));
    }
}
