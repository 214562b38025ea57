package dev.yagura.response.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ResponsePlanSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanSourceTest {
    private static final String GOOD =
            """
            title: Incident response
            owner: lead
            drill_interval: P180D
            contacts:
              - id: lead
                name: Rei
                phone: "+81 3 0000 0000"
            playbooks: [ransomware]
            text: |
              Call first.
            """;

    @Test
    void readsOwnerContactsAndPlaybooks() {
        ResponsePlanSpec spec = PlanSource.read(GOOD, "ransomware"::equals);

        assertThat(spec.getOwner()).isEqualTo("lead");
        assertThat(spec.getContacts(0).getPhone()).isEqualTo("+81 3 0000 0000");
        assertThat(spec.getText()).isEqualTo("Call first.\n");
        assertThat(PlanSource.drillInterval(spec)).isEqualTo(Duration.ofDays(180));
        assertThat(PlanSource.drillInterval(ResponsePlanSpec.getDefaultInstance()))
                .isEqualTo(Duration.ofDays(365));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: Incident response | titel: x | line 1, column 1: \"titel\" is no field",
                "owner: lead     | owner: legal    | line 2, column 8: name the id of the contact",
                "P180D           | half a year     | line 3, column 17: write ISO 8601",
                "P180D           | P900D           | line 3, column 17: write ISO 8601",
                "id: lead        | id: Lead        | line 5, column 9: give each contact an id",
                "name: Rei       | role: lead      | line 5, column 5: give each contact a name",
                "phone:          | role:           | say how to reach lead: email, phone or on_call",
                "[ransomware]    | [ransom]        | line 8, column 12: there is no playbook \"ransom\""
            })
    void tellsEveryProblemWithItsPlace(String written, String instead, String problem) {
        String bad = GOOD.replace(written, instead);

        assertThatThrownBy(() -> PlanSource.read(bad, "ransomware"::equals))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void theOneThatShipsIsValid() throws Exception {
        Path deploy = Path.of("..", "deploy");

        ResponsePlanSpec spec =
                PlanSource.read(
                        Files.readString(deploy.resolve("response-plan.yaml")),
                        id -> Files.exists(deploy.resolve("playbooks/" + id + ".yaml")));

        assertThat(spec.getPlaybooksList()).hasSize(7);
    }
}
