package dev.yagura.testkit.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.tls.PeerIdentity;
import dev.yagura.common.tls.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCertificatesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> SERVICES = List.of("gateway", "ingest");

    private @TempDir Path folder;

    @Test
    void makesServicesOfOneAuthority() throws Exception {
        at(START).ensure(SERVICES);

        X509Certificate gateway = certificate("gateway");
        gateway.verify(certificate("ca").getPublicKey());
        assertThat(PeerIdentity.of(gateway)).contains(new PeerIdentity.Service("gateway"));
        assertThat(certificate("agents-ca")).isNotEqualTo(certificate("ca"));
    }

    @Test
    void keepsWhatIsFreshAndRenewsWhatEndsSoon() throws Exception {
        at(START).ensure(SERVICES);
        X509Certificate authority = certificate("ca");
        byte[] first = Files.readAllBytes(folder.resolve("ingest.pem"));

        at(START.plus(Duration.ofDays(30))).ensure(SERVICES);
        assertThat(folder.resolve("ingest.pem")).hasBinaryContent(first);

        at(START.plus(Duration.ofDays(340))).ensure(SERVICES);
        assertThat(Files.readAllBytes(folder.resolve("ingest.pem"))).isNotEqualTo(first);
        assertThat(certificate("ca")).isEqualTo(authority);
    }

    private LocalCertificates at(Instant time) {
        return new LocalCertificates(folder, Clock.fixed(time, ZoneOffset.UTC));
    }

    private X509Certificate certificate(String name) throws Exception {
        return Pem.readCertificates(folder.resolve(name + ".pem")).getFirst();
    }
}
