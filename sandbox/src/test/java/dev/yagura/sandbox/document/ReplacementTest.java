package dev.yagura.sandbox.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplacementTest {
    private final Replacement replacement =
            new Replacement(
                    Map.of(
                            "path", List.of("/tmp/a b"),
                            "price", List.of("$HOME costs $$5 or ${X}, $(id)"),
                            "lines", List.of("echo 1", "echo <2>")),
                    Set.of("lines"));

    @Test
    void replacesAsText() {
        assertThat(replacement.text("rm '{{ path }}' {{path}}"))
                .isEqualTo("rm '/tmp/a b' /tmp/a b");
    }

    @Test
    void leavesWhatIsNoParameter() {
        assertThat(replacement.text("docker ps --format '{{.ID}}' {{ json . }} {{ other }}"))
                .isEqualTo("docker ps --format '{{.ID}}' {{ json . }} {{ other }}");
    }

    @Test
    void aListIsAllLinesOrJson() {
        assertThat(replacement.lines(List.of("{{ lines }}"))).containsExactly("echo 1", "echo <2>");
        assertThat(replacement.lines(List.of("set -e", "x='{{ lines }}'")))
                .containsExactly("set -e", "x='[\"echo 1\",\"echo \\u003c2\\u003e\"]'");
    }

    /** The agent's own trap: a value keeps its dollar signs only where nothing stands beside it. */
    @Test
    void dollarSignsInsideALineAreTakenForGroups() {
        assertThat(replacement.text("{{ price }}")).isEqualTo("$HOME costs $$5 or ${X}, $(id)");
        assertThat(replacement.text("p={{ price }}")).isEqualTo("p= costs $5 or , $(id)");
    }

    @Test
    void refusesReferencesInsideValues() {
        assertThatThrownBy(() -> replacing("{{ b }}")).hasMessageContaining("reference to b");
        assertThatThrownBy(() -> replacing("{{ssm:token}}"))
                .hasMessageContaining("reference to ssm:token");
        assertThat(replacing("{{ c }}").text("x {{ a }}")).isEqualTo("x {{ c }}");
    }

    private static Replacement replacing(String value) {
        return new Replacement(Map.of("a", List.of(value), "b", List.of("")), Set.of());
    }
}
