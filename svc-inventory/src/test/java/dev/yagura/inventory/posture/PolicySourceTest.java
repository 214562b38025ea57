package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicySourceTest {
    @TempDir Path folder;

    @Test
    void standardPolicyCanBeUsed() {
        PolicySource read = PolicySource.read(PostureConfig.standard());
        assertThat(read.problems()).isEmpty();
        assertThat(read.policy().getName()).isEqualTo("standard");
    }

    @Test
    void whatIsLeftOutIsTheStricterHalf() {
        PolicySource read = PolicySource.read("name: p\nrules:\n  - check: agent-healthy\n");
        assertThat(read.policy().getRules(0).getOnFail())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(read.policy().getRules(0).getOnUnknown())
                .isEqualTo(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
    }

    @Test
    void everyProblemHasItsPlace() {
        String text =
                SourceProblem.text(
                        PolicySource.read(
                                        """
                                        name: p
                                        rules:
                                          - check: agent-happy
                                            on_fail: no
                                        """)
                                .problems());
        assertThat(text)
                .contains("line 3, column 12: \"agent-happy\" is no check; write one of")
                .contains("line 4, column 14: \"no\" is none of allow, deny, unknown");
        assertThat(SourceProblem.text(PolicySource.read("name: p").problems()))
                .contains("rules are missing");
    }

    @Test
    void baselineIsNeededAndItsPortsAreChecked() {
        String rules = "name: p\nrules:\n  - check: no-unneeded-service\n";
        assertThat(problems(rules))
                .contains("line 3, column 12: no-unneeded-service needs \"listening\"");
        String listening = rules + "listening:\n  - tags: {Role: web}\n    ports: ";
        assertThat(problems(listening + "[443/tcp, 53/udp, 30000-32767/tcp]")).isEmpty();
        for (String bad : List.of("443", "0/tcp", "70000/tcp", "20-10/tcp", "443/sctp")) {
            assertThat(problems(listening + "[22/tcp, " + bad + "]"))
                    .contains("line 6, column 12: \"" + bad + "\" is no port");
        }
    }

    private static String problems(String yaml) {
        return SourceProblem.text(PolicySource.read(yaml).problems());
    }

    @Test
    void fileThatCannotBeUsedStopsTheStart() throws Exception {
        Path file = Files.writeString(folder.resolve("policy.yaml"), "rules: [");
        assertThatThrownBy(() -> config(file))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("yagura.inventory.posture.policy-file")
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> config(folder.resolve("none.yaml")))
                .hasMessageContaining("none.yaml");
    }

    private static PostureConfig config(Path file) {
        return PostureConfig.from(
                Settings.of(
                        "yagura.inventory",
                        Map.of("yagura.inventory.posture.policy-file", file.toString())));
    }
}
