package dev.yagura.ingest;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.ingest.feed.FeedConfig;
import dev.yagura.ingest.ledger.LedgerConfig;
import dev.yagura.ingest.log.LogConfig;
import dev.yagura.ingest.telemetry.TelemetryConfig;
import dev.yagura.testkit.ConfigurationPage;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
    private static final String DATABASE = "yagura.ingest.database.";

    @Test
    void configurationPageIsCurrent() throws Exception {
        Settings settings =
                Settings.of(
                        "yagura.ingest",
                        Map.of(
                                "yagura.ingest.log.url",
                                "redis://localhost:6379/0",
                                "yagura.ingest.tls.certificate",
                                "a.pem",
                                "yagura.ingest.tls.key",
                                "a.key",
                                DATABASE + "url",
                                "jdbc:postgresql://localhost/yagura",
                                DATABASE + "user",
                                "a",
                                DATABASE + "password",
                                "a",
                                DATABASE + "migration-user",
                                "b",
                                DATABASE + "migration-password",
                                "b"));
        LogConfig.from(settings);
        TelemetryConfig.from(settings);
        FeedConfig.from(settings);
        LedgerConfig.from(settings);
        GrpcServerConfig.from(settings);
        TlsFiles.from(settings);
        DatabaseConfig.from(settings, "ingest");

        ConfigurationPage.of("ingest", "svc-ingest").check(settings);
    }
}
