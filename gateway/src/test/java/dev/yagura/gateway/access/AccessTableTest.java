package dev.yagura.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.RuleServiceOuterClass;
import dev.yagura.proto.ingest.v1.LedgerServiceOuterClass;
import dev.yagura.proto.type.v1.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccessTableTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "roles.md");

    private final AccessTable table = AccessTable.complete();

    @Test
    void aMethodWithoutARuleStopsTheStartWithItsName() {
        Map<String, AccessRule> rules =
                Map.of("yagura.detection.v1.RuleService/GetRule", new AccessRule.Agents());

        assertThatThrownBy(() ->
                        AccessTable.of(rules, RuleServiceOuterClass.getDescriptor().getServices()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("yagura.detection.v1.RuleService/ListRules");
    }

    @Test
    void aRuleWithoutAMethodStopsTheStartWithItsName() {
        Map<String, AccessRule> rules =
                Map.of(
                        "yagura.ingest.v1.LedgerService/GetLedger", new AccessRule.Agents(),
                        "yagura.ingest.v1.LedgerService/ListLedgers", new AccessRule.Agents(),
                        "yagura.detection.v1.RuleService/Misspelt", new AccessRule.Agents());

        assertThatThrownBy(() ->
                        AccessTable.of(
                                rules, LedgerServiceOuterClass.getDescriptor().getServices()))
                .hasMessageContaining("RuleService/Misspelt");
    }

    @Test
    void knowsEveryServiceOfTheContracts() throws Exception {
        Set<String> known =
                GrpcContracts.services().stream()
                        .map(service ->
                                service.getFullName().replace("yagura.", "dev/yagura/proto/"))
                        .map(name -> name.replace('.', '/') + "Grpc.class")
                        .collect(Collectors.toSet());

        assertThat(generatedServices()).isNotEmpty().isSubsetOf(known);
    }

    @Test
    void methodsOfTheInsideAreNotPublic() {
        assertThat(table.isPublic("yagura.ingest.v1.EventFeedService/ReadEvents")).isFalse();
        assertThat(table.isPublic("yagura.inventory.v1.AgentAdmissionService/WatchAdmissions"))
                .isFalse();
        assertThat(table.isPublic("yagura.ingest.v1.NoService/NoMethod")).isFalse();
    }

    @Test
    void aChangeNeedsMoreThanAViewer() {
        assertThat(table.rules())
                .allSatisfy((method, rule) -> {
                    if (rule instanceof AccessRule.Users users && users.changes()) {
                        assertThat(users.minimum()).isNotEqualTo(Role.ROLE_VIEWER);
                    }
                });
    }

    /** Run with -Dyagura.docs.write=true to write the page anew. */
    @Test
    void thePageOfRolesIsCurrent() throws IOException {
        String page =
                """
                # Who may call what

                Each role includes the ones before it: viewer, analyst, responder, admin. A token also has accounts; a service shows
                and changes nothing outside of them. Changes are stored in the audit before they are let through. This page is
                checked against the code (`AccessTable`) by a test; a method without a rule stops the start of the gateway.

                | method | callers | change |
                |---|---|---|
                """
                        + table.rules().entrySet().stream()
                                .map(rule ->
                                        "| `%s` | %s | %s |"
                                                .formatted(
                                                        rule.getKey(),
                                                        rule.getValue().callers(),
                                                        rule.getValue().changes() ? "yes" : ""))
                                .collect(Collectors.joining("\n", "", "\n"));
        if (Boolean.getBoolean("yagura.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    /** From the archive or folder that the contracts are in, not from a list. */
    private static Set<String> generatedServices() throws Exception {
        URI location =
                RuleServiceOuterClass.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI();
        if (Files.isDirectory(Path.of(location))) {
            return services(Path.of(location));
        }
        try (FileSystem archive = FileSystems.newFileSystem(Path.of(location))) {
            return services(archive.getPath("/"));
        }
    }

    private static Set<String> services(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith("ServiceGrpc.class"))
                    .collect(Collectors.toSet());
        }
    }
}
