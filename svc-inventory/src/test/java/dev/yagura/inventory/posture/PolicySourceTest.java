package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
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
