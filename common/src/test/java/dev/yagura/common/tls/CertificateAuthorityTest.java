package dev.yagura.common.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    @Test
    void issuesIdentitiesThatPeersCanRead() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", NOW, YEAR);
        KeyPair pair = CertificateAuthority.newKeyPair();

        X509Certificate service =
                authority.issueService(
                        "ingest", List.of("localhost", "127.0.0.1"), pair.getPublic(), NOW, YEAR);
        X509Certificate agent = authority.issueAgent("a-1", pair.getPublic(), NOW, YEAR);

        service.verify(authority.certificate().getPublicKey());
        assertThat(PeerIdentity.of(service)).contains(new PeerIdentity.Service("ingest"));
        assertThat(PeerIdentity.of(agent)).contains(new PeerIdentity.Agent("a-1"));
        assertThat(PeerIdentity.of(authority.certificate())).isEmpty();
        assertThat(agent.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    }

    @Test
    void neverOutlivesTheAuthority() throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.create("test", NOW, Duration.ofDays(1));
        KeyPair pair = CertificateAuthority.newKeyPair();

        X509Certificate leaf = authority.issueAgent("a-1", pair.getPublic(), NOW, YEAR);

        assertThat(leaf.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
    }

    @Test
    void anotherAuthorityDoesNotVerify() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", NOW, YEAR);
        CertificateAuthority other = CertificateAuthority.create("test", NOW, YEAR);
        X509Certificate leaf =
                other.issueAgent("a-1", CertificateAuthority.newKeyPair().getPublic(), NOW, YEAR);

        assertThatThrownBy(() -> leaf.verify(authority.certificate().getPublicKey()))
                .isInstanceOf(SignatureException.class);
    }

    @Test
    void keepsKeysPrivateOnDisk(@TempDir Path folder) throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", NOW, YEAR);
        Path certificate = folder.resolve("ca.pem");
        Path key = folder.resolve("ca.key");
        Files.writeString(certificate, Pem.encode(List.of(authority.certificate())));
        Pem.writePrivate(key, Pem.encode(authority.key()));

        CertificateAuthority loaded = CertificateAuthority.load(certificate, key);

        assertThat(loaded.certificate()).isEqualTo(authority.certificate());
        assertThat(loaded.key()).isEqualTo(authority.key());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }
}
