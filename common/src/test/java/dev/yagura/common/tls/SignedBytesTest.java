package dev.yagura.common.tls;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedBytesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final ByteString CONTENT = ByteString.copyFromUtf8("kill 4242");

    @TempDir private Path folder;
    private CertificateAuthority authority;

    @BeforeEach
    void found() throws Exception {
        authority = CertificateAuthority.create("test", NOW, DAY);
    }

    @Test
    void whatAServiceSignedIsBelieved() throws Exception {
        SignedBytes signed = SignedBytes.sign(service(authority, "response"), "p", CONTENT);

        assertThatCode(() -> verify(signed, "p", NOW)).doesNotThrowAnyException();
        SignedBytes withAuthority =
                new SignedBytes(
                        signed.content(),
                        signed.signature(),
                        List.of(
                                signed.chain().getFirst(),
                                ByteString.copyFrom(authority.certificate().getEncoded())));
        assertThatCode(() -> verify(withAuthority, "p", NOW)).doesNotThrowAnyException();
    }

    @Test
    void everythingElseIsNot() throws Exception {
        SignedBytes signed = SignedBytes.sign(service(authority, "response"), "p", CONTENT);

        refused(signed, "other", NOW, "signature is wrong");
        refused(
                new SignedBytes(CONTENT.concat(CONTENT), signed.signature(), signed.chain()),
                "p",
                NOW,
                "signature is wrong");
        refused(
                new SignedBytes(CONTENT, ByteString.copyFromUtf8("x"), signed.chain()),
                "p",
                NOW,
                "signature is wrong");
        refused(signed, "p", NOW.plus(DAY).plus(DAY), "not valid now");
        refused(new SignedBytes(CONTENT, signed.signature(), List.of()), "p", NOW, "certificate");
        refused(
                new SignedBytes(CONTENT, signed.signature(), List.of(ByteString.copyFromUtf8("x"))),
                "p",
                NOW,
                "cannot be read");
        refused(
                SignedBytes.sign(service(authority, "gateway"), "p", CONTENT),
                "p",
                NOW,
                "not by response");
        CertificateAuthority other = CertificateAuthority.create("test", NOW, DAY);
        refused(
                SignedBytes.sign(service(other, "response"), "p", CONTENT),
                "p",
                NOW,
                "not of the known authority");
        KeyPair agent = CertificateAuthority.newKeyPair();
        refused(
                SignedBytes.sign(
                        files(
                                "agent",
                                agent,
                                authority.issueAgent("a-1", agent.getPublic(), NOW, DAY)),
                        "p",
                        CONTENT),
                "p",
                NOW,
                "not by response");
    }

    private void verify(SignedBytes signed, String purpose, Instant now) throws Exception {
        signed.verify(purpose, "response", List.of(authority.certificate()), now);
    }

    private void refused(SignedBytes signed, String purpose, Instant now, String why) {
        assertThatThrownBy(() -> verify(signed, purpose, now)).hasMessageContaining(why);
    }

    private TlsFiles service(CertificateAuthority by, String name) throws Exception {
        KeyPair pair = CertificateAuthority.newKeyPair();
        return files(
                name,
                pair,
                by.issueService(name, List.of("localhost"), pair.getPublic(), NOW, DAY));
    }

    private TlsFiles files(String name, KeyPair pair, X509Certificate certificate)
            throws Exception {
        Path file =
                Files.writeString(folder.resolve(name + ".pem"), Pem.encode(List.of(certificate)));
        Path key = folder.resolve(name + ".key");
        Pem.writePrivate(key, Pem.encode(pair.getPrivate()));
        return new TlsFiles(file, key, List.of());
    }
}
