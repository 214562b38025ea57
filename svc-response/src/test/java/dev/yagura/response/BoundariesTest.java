package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.response.action.ActionConfig;
import dev.yagura.response.block.BlockConfig;
import dev.yagura.response.channel.ChannelConfig;
import dev.yagura.response.command.CommandConfig;
import dev.yagura.response.credentials.CredentialsConfig;
import dev.yagura.response.forensics.ForensicsConfig;
import dev.yagura.response.host.HostConfig;
import dev.yagura.response.host.InstallConfig;
import dev.yagura.response.host.MemoryConfig;
import dev.yagura.response.host.TriageConfig;
import dev.yagura.response.invocation.InvocationConfig;
import dev.yagura.response.isolation.IsolationConfig;
import dev.yagura.response.lifecycle.LifecycleConfig;
import dev.yagura.response.outbound.OutboundConfig;
import dev.yagura.response.playbook.PlaybookConfig;
import dev.yagura.response.securityhub.FindingsConfig;
import dev.yagura.response.webhook.WebhookConfig;
import dev.yagura.testkit.ConfigurationPage;
import dev.yagura.testkit.YaguraArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BoundariesTest {

    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.response").check();
    }

    @Test
    void configurationPageIsCurrent() throws IOException {
        ConfigurationPage.of("response", "svc-response").check(documented());
    }

    @Test
    void everyKindOfActionIsDocumentedAndHasAPolicy() throws IOException {
        String page = Files.readString(Path.of("..", "docs/reference/actions.md"));
        List<String> kinds =
                Stream.of(ActionKind.values())
                        .filter(kind -> kind != ActionKind.UNRECOGNIZED)
                        .filter(kind -> kind != ActionKind.ACTION_KIND_UNSPECIFIED)
                        .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                        .map(name -> name.substring("action_kind_".length()))
                        .toList();

        assertThat(kinds)
                .isNotEmpty()
                .allSatisfy(kind -> {
                    assertThat(page).contains("| `" + kind + "` |");
                    assertThat(Path.of("..", "deploy/policies", kind + ".json")).isRegularFile();
                });
    }

    /** Every key that the service reads. */
    private static Settings documented() {
        Map<String, String> required = new HashMap<>();
        required.put("database.url", "jdbc:postgresql://localhost/yagura");
        required.put("database.user", "user");
        required.put("database.password", "password");
        required.put("database.migration-user", "user");
        required.put("database.migration-password", "password");
        required.put("tls.certificate", "service.pem");
        required.put("tls.key", "service.key");
        required.put("client.detection.addresses", "localhost:1");
        required.put("client.inventory.addresses", "localhost:1");
        required.put("webhook.endpoints", "soar");
        required.put("webhook.endpoint.soar.url", "https://soar.example/");
        required.put("webhook.endpoint.soar.secret-file", "soar.secret");
        Settings settings =
                new Settings(
                        "yagura.response",
                        name ->
                                Optional.ofNullable(
                                        required.get(name.substring("yagura.response.".length()))));
        ActionConfig.from(settings);
        IsolationConfig.from(settings);
        CredentialsConfig.from(settings);
        HostConfig.from(settings);
        ChannelConfig.from(settings);
        TriageConfig.from(settings);
        MemoryConfig.from(settings);
        InstallConfig.from(settings);
        ForensicsConfig.from(settings);
        CommandConfig.from(settings);
        LifecycleConfig.from(settings);
        InvocationConfig.from(settings);
        BlockConfig.from(settings);
        PlaybookConfig.from(settings);
        WebhookConfig.from(settings);
        OutboundConfig.from(settings);
        FindingsConfig.from(settings);
        AwsConfig.from(settings);
        GrpcClientConfig.from(settings, "detection");
        GrpcClientConfig.from(settings, "inventory", Duration.ofSeconds(1));
        GrpcServerConfig.from(settings);
        DatabaseConfig.from(settings, "response");
        TlsFiles.from(settings);
        Settings watch = settings.section("watch");
        watch.duration(
                "retention", Duration.ofDays(3), "How old a cursor may be to go on with a watch.");
        watch.number(
                "max-changes",
                1_000_000,
                1_000,
                1_000_000_000,
                "Changes kept for each feed at most.");
        return settings;
    }
}
