package dev.yagura.gateway;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.gateway.admission.AdmissionConfig;
import dev.yagura.gateway.audit.AuditConfig;
import dev.yagura.gateway.limit.LimitConfig;
import dev.yagura.gateway.proxy.ProxyConfig;
import dev.yagura.gateway.rest.RestConfig;
import dev.yagura.gateway.token.TokenConfig;
import dev.yagura.testkit.ConfigurationPage;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final Map<String, String> REQUIRED =
            Map.of(
                    "yagura.gateway.tls.certificate", "gateway.pem",
                    "yagura.gateway.tls.key", "gateway.key",
                    "yagura.gateway.client.ingest.addresses", "localhost:1",
                    "yagura.gateway.client.detection.addresses", "localhost:2",
                    "yagura.gateway.client.response.addresses", "localhost:3",
                    "yagura.gateway.client.inventory.addresses", "localhost:4",
                    "yagura.gateway.database.url", "jdbc:postgresql://localhost/yagura",
                    "yagura.gateway.database.user", "gateway",
                    "yagura.gateway.database.password", "secret",
                    "yagura.gateway.database.migration-user", "migration");

    @Test
    void configurationPageIsCurrent() throws IOException {
        Settings settings =
                new Settings(
                        "yagura.gateway",
                        name ->
                                java.util.Optional.ofNullable(
                                        name.endsWith("migration-password")
                                                ? "secret"
                                                : REQUIRED.get(name)));
        GrpcServerConfig.from(settings);
        TlsFiles.from(settings);
        DatabaseConfig.from(settings, "gateway");
        RestConfig.from(settings);
        ProxyConfig.from(settings);
        AdmissionConfig.from(settings);
        TokenConfig.from(settings);
        LimitConfig.from(settings);
        AuditConfig.from(settings);
        Settings watch = settings.section("watch");
        watch.duration(
                "retention",
                java.time.Duration.ofDays(3),
                "How old a cursor may be to go on with a watch.");
        watch.number(
                "max-changes",
                1_000_000,
                1_000,
                1_000_000_000,
                "Changes kept for each feed at most.");
        ConfigurationPage.of("gateway", "the gateway").check(settings);
    }
}
