package dev.yagura.testkit.local;

import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
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
 * Authorities and service certificates of a laptop: {@code LocalCertificates FOLDER SERVICE…}.
 *
 * <p>Writes ca.pem (services and gateway), agents-ca.pem and its key (inventory signs agents with
 * it), and {service}.pem with {service}.key. The key of the services' authority is kept beside
 * them, so that a later start renews certificates that end within 30 days; agents go on trusting
 * ca.pem.
 */
public final class LocalCertificates {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration SERVICE_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final Path folder;
    private final Instant now;

    LocalCertificates(Path folder, Clock clock) {
        this.folder = folder;
        this.now = clock.instant();
    }

    /** Makes what is missing, renews what ends soon, leaves the rest. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        if (args.length < 2) {
            System.err.println("usage: LocalCertificates FOLDER SERVICE...");
            System.exit(2);
        }
        new LocalCertificates(Path.of(args[0]), Clock.systemUTC())
                .ensure(List.of(args).subList(1, args.length));
    }

    void ensure(List<String> services) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        CertificateAuthority authority = authority("ca", "Yagura local services");
        authority("agents-ca", "Yagura local agents");
        for (String service : services) {
            if (!isFresh(folder.resolve(service + ".pem"))) {
                KeyPair pair = CertificateAuthority.newKeyPair();
                X509Certificate certificate =
                        authority.issueService(
                                service, LOOPBACK, pair.getPublic(), now, SERVICE_LIFE);
                write(service, certificate, pair);
            }
        }
    }

    private CertificateAuthority authority(String name, String commonName)
            throws IOException, GeneralSecurityException {
        Path certificate = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        if (isFresh(certificate) && Files.exists(key)) {
            return CertificateAuthority.load(certificate, key);
        }
        CertificateAuthority made = CertificateAuthority.create(commonName, now, AUTHORITY_LIFE);
        Files.writeString(certificate, Pem.encode(List.of(made.certificate())));
        Pem.writePrivate(key, Pem.encode(made.key()));
        return made;
    }

    private void write(String name, X509Certificate certificate, KeyPair pair) throws IOException {
        Pem.writePrivate(folder.resolve(name + ".key"), Pem.encode(pair.getPrivate()));
        Files.writeString(folder.resolve(name + ".pem"), Pem.encode(List.of(certificate)));
    }

    private boolean isFresh(Path certificate) throws IOException {
        return Files.exists(certificate)
                && Pem.readCertificates(certificate)
                        .getFirst()
                        .getNotAfter()
                        .toInstant()
                        .isAfter(now.plus(RENEW_BEFORE));
    }
}
