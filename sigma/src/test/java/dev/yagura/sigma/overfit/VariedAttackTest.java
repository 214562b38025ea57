package dev.yagura.sigma.overfit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.pack.RulePackReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A few choices of each variation at every build; the campaign makes many. */
class VariedAttackTest {
    private static final int CHOICES = 10;

    private final RecordedAttack attack = RecordedAttack.scenario();
    private final EventMatcher matcher = OverfitCampaignTest.matcher(List.of(RulePackReader.own()));

    /** Where the payload has no telling name, its deletion looks like anybody's. */
    @Test
    void stepsAreStillAlerted() {
        List<String> missed = new ArrayList<>();
        for (Variation variation : LinuxVariations.all()) {
            Map<RecordedAttack.Step, Recall.Cell> cells =
                    new Recall(attack, matcher)
                            .of(variation, OverfitCampaignTest.seeds(3, CHOICES));
            assertThat(cells).as(variation.name()).isNotEmpty();
            cells.forEach((step, cell) -> {
                if (cell.seen() < cell.tried() && !step.name().equals("payload deleted")) {
                    missed.add(variation.name() + ", " + step.name() + ": " + cell.missed());
                }
            });
        }
        assertThat(missed).isEmpty();
    }

    @Test
    void mostStepsDoNotHangOnTheRulesOfTheirTechnique() {
        long left =
                new Recall(attack, matcher)
                        .unvaried().entrySet().stream()
                                .filter(entry ->
                                        NamedRules.of(entry.getKey(), entry.getValue())
                                                        .withoutTechnique()
                                                > 0)
                                .count();
        assertThat(left).isGreaterThanOrEqualTo(attack.steps().size() * 6L / 10);
    }

    @Test
    void aRenamedProgramIsRenamedWhereverItIsTold() {
        List<Event> varied =
                VariedEvents.of(
                        attack.events(),
                        attack.stepIds(),
                        LinuxVariations.all().stream()
                                .filter(one -> one.name().startsWith("copies of programs under"))
                                .findFirst()
                                .orElseThrow(),
                        new SplittableRandom(1));
        RecordedAttack.Step download =
                attack.steps().stream()
                        .filter(step -> step.name().equals("payload download"))
                        .findFirst()
                        .orElseThrow();
        int at = index(download.recordId());
        Event launched = varied.get(at);
        assertThat(launched.getProcess().getPath()).doesNotEndWith("/curl");
        assertThat(launched.getProcess().getArgs(0)).isEqualTo(launched.getProcess().getPath());
        assertThat(launched.getRawRecordsList())
                .filteredOn(record -> record.getType().equals("SYSCALL"))
                .allSatisfy(record ->
                        assertThat(record.getFieldsOrThrow("exe"))
                                .isEqualTo(launched.getProcess().getPath()));
        assertThat(varied)
                .filteredOn(
                        event -> event.getActor().getUid().equals(launched.getProcess().getUid()))
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(event.getActor().getPath())
                                .isEqualTo(launched.getProcess().getPath()));
    }

    private int index(String recordId) {
        for (int i = 0; i < attack.events().size(); i++) {
            if (attack.events().get(i).getSourceRecordId().equals(recordId)) {
                return i;
            }
        }
        throw new AssertionError("no record " + recordId);
    }
}
