package dev.yagura.cli.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.yagura.proto.detection.v1.AttackCoverage;
import dev.yagura.proto.detection.v1.CoveringRule;
import dev.yagura.proto.detection.v1.RuleProof;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TechniqueCoverage;
import dev.yagura.proto.detection.v1.UncountedReason;
import dev.yagura.proto.detection.v1.UncountedRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NavigatorLayerTest {
    private static final AttackCoverage COVERAGE =
            AttackCoverage.newBuilder()
                    .setCreateTime(Timestamp.newBuilder().setSeconds(1_795_680_000))
                    .setWindow(Duration.newBuilder().setSeconds(7 * 86_400))
                    .setRuleSetVersion(12)
                    .addTechniques(technique("T1053", rule("cron", Severity.SEVERITY_HIGH)))
                    .addTechniques(
                            technique(
                                    "T1053.003",
                                    rule("cron", Severity.SEVERITY_HIGH),
                                    rule("crontab", Severity.SEVERITY_LOW)))
                    .addUncounted(
                            UncountedRules.newBuilder()
                                    .setReason(UncountedReason.UNCOUNTED_REASON_NO_TELEMETRY)
                                    .setRuleCount(14)
                                    .addNames("rules/yagura/one"))
                    .build();

    @Test
    void isALayerOfFormat45() {
        assertThat(LayerFormat.problems(layer(COVERAGE))).isEmpty();
        assertThat(LayerFormat.problems(layer(AttackCoverage.getDefaultInstance()))).isEmpty();
        JsonObject other =
                parsed(NavigatorLayer.of(COVERAGE, "other \"\\\u0007\n", Optional.of("18")));
        assertThat(LayerFormat.problems(other)).isEmpty();
    }

    /** The check itself: each of these is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name | null | name is required",
                "domain | \"enterprise\" | domain",
                "sorting | 4 | sorting",
                "techniques | [{\"techniqueID\": \"1053\"}] | techniqueID",
                "techniques | [{\"techniqueID\": \"T1053\", \"score\": \"2\"}] | score",
                "techniques | [{\"score\": 2}] | techniqueID is required",
                "gradient | {\"colors\": [\"#ffffff\"], \"minValue\": 0, \"maxValue\": 1} | two",
                "gradient | {\"colors\": [\"#ffffff\", \"#000000\"], \"minValue\": 1, \"maxValue\": 1} | maxValue",
                "versions | {\"navigator\": \"4.8.0\", \"layer\": \"4.5\"} | navigator",
                "versions | {\"navigator\": \"4.9.0\", \"layer\": \"4.4\"} | layer",
                "colour | \"red\" | there is no colour"
            })
    void otherShapesAreNone(String key, String value, String problem) {
        JsonObject layer = layer(COVERAGE);
        JsonElement parsed = JsonParser.parseString(value);
        if (parsed.isJsonNull()) {
            layer.remove(key);
        } else {
            layer.add(key, parsed);
        }
        assertThat(LayerFormat.problems(layer)).anyMatch(found -> found.contains(problem));
    }

    @Test
    void theScoreIsTheNumberOfRules() {
        JsonObject layer = layer(COVERAGE);
        List<String> techniques = new ArrayList<>();
        layer.getAsJsonArray("techniques")
                .forEach(technique ->
                        techniques.add(
                                technique.getAsJsonObject().get("techniqueID").getAsString()
                                        + " "
                                        + technique.getAsJsonObject().get("score")));
        assertThat(techniques).containsExactly("T1053 1", "T1053.003 2");
        assertThat(layer.getAsJsonObject("gradient").get("maxValue").getAsInt()).isEqualTo(2);
        JsonObject parent = layer.getAsJsonArray("techniques").get(0).getAsJsonObject();
        assertThat(parent.get("showSubtechniques").getAsBoolean()).isTrue();
        assertThat(parent.get("comment").getAsString()).isEqualTo("Title of cron (high, cases)");
    }

    @Test
    void saysWhatDoesNotCount() {
        assertThat(layer(COVERAGE).getAsJsonArray("metadata").toString())
                .contains("no telemetry of their log source\",\"value\":\"14\"");
    }

    private static JsonObject layer(AttackCoverage coverage) {
        return parsed(NavigatorLayer.of(coverage, "Yagura coverage", Optional.empty()));
    }

    /** As the Navigator reads what is written. */
    private static JsonObject parsed(Map<String, Object> layer) {
        return JsonParser.parseString(JsonText.of(layer)).getAsJsonObject();
    }

    private static TechniqueCoverage technique(String id, CoveringRule... rules) {
        return TechniqueCoverage.newBuilder().setTechnique(id).addAllRules(List.of(rules)).build();
    }

    private static CoveringRule rule(String name, Severity severity) {
        return CoveringRule.newBuilder()
                .setName("rules/yagura/" + name)
                .setTitle("Title of " + name)
                .setSeverity(severity)
                .setLogsource("linux/file_event/*")
                .setProof(RuleProof.RULE_PROOF_CASES)
                .build();
    }
}
