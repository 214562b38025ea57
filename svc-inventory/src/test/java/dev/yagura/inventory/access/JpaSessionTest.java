package dev.yagura.inventory.access;

import static dev.yagura.inventory.Enrolling.enroll;
import static dev.yagura.inventory.Enrolling.request;
import static dev.yagura.inventory.Enrolling.signingRequest;
import static dev.yagura.inventory.Enrolling.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JpaSessionTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000031");

    @Test
    void enrolmentOverAllStoresIsOneTransactionOfPostgresql() {
        EnrollAgentResponse enrolled =
                enroll(
                        SERVICE.anonymous(),
                        request(token(SERVICE.admin(), SCOPE, 1), signingRequest(), ""));

        Map<String, String> writers =
                SERVICE.rowWriters(
                        """
                        SELECT 'agent', xmin FROM agent WHERE id = ?
                        UNION ALL SELECT 'asset', xmin FROM asset WHERE id = ?
                        UNION ALL SELECT 'link', xmin FROM asset_agent WHERE agent_id = ?
                        UNION ALL SELECT feed, xmin FROM feed_change WHERE key IN (?, ?)
                        UNION ALL SELECT 'token', t.xmin FROM enrollment_token t
                            JOIN agent a ON a.token_id = t.id WHERE a.id = ?
                        """,
                        UUID.fromString(enrolled.getAgentId()),
                        UUID.fromString(enrolled.getHostId()),
                        UUID.fromString(enrolled.getAgentId()),
                        UUID.fromString(enrolled.getAgentId()),
                        UUID.fromString(enrolled.getHostId()),
                        UUID.fromString(enrolled.getAgentId()));

        assertThat(writers)
                .containsOnlyKeys("agent", "asset", "link", "admissions", "assets", "token");
        assertThat(writers.values().stream().distinct()).as("%s", writers).hasSize(1);
    }
}
