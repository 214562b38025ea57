package dev.yagura.response.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.response.isolation.MembershipReader.LiveMember;
import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import dev.yagura.response.isolation.MembershipReader.LiveScalingGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingMeasureTest {

    @ParameterizedTest
    @CsvSource({
        // min, desired, max, other healthy, decrement, room to return
        "1, 3, 4, 2, true, true",
        "0, 1, 1, 0, true, true",
        "2, 2, 4, 1, false, true",
        "2, 2, 2, 1, false, false",
        // Desired says there is room, but the others are not healthy enough.
        "2, 3, 4, 1, false, true",
        "2, 4, 4, 1, false, false",
    })
    void standsByAndReplacesWhatIsNeeded(
            int min, int desired, int max, int healthy, boolean decrement, boolean room) {
        assertThat(ScalingMeasure.of(member(min, desired, max, healthy, "InService", Set.of())))
                .isEqualTo(new ScalingMeasure.Standby(decrement, room));
    }

    @Test
    void shieldsWhereNothingIsLaunchedAndEnoughRemain() {
        assertThat(ScalingMeasure.of(member(2, 2, 4, 2, "InService", Set.of("Launch"))))
                .isEqualTo(new ScalingMeasure.Shield(true, true));
        assertThat(
                        ScalingMeasure.of(
                                member(
                                        2,
                                        2,
                                        4,
                                        2,
                                        "InService",
                                        Set.of("Launch", "ReplaceUnhealthy"))))
                .isEqualTo(new ScalingMeasure.Shield(true, false));
    }

    @Test
    void standsByWithoutLaunchWhereThereIsRoom() {
        assertThat(ScalingMeasure.of(member(1, 2, 4, 1, "InService", Set.of("Launch"))))
                .isEqualTo(new ScalingMeasure.Standby(true, true));
    }

    @Test
    void neverGoesBelowTheMinimumWithoutAReplacement() {
        assertThat(ScalingMeasure.of(member(2, 2, 4, 1, "InService", Set.of("Launch"))))
                .isInstanceOfSatisfying(
                        ScalingMeasure.Refusal.class,
                        refusal ->
                                assertThat(refusal.reason())
                                        .contains("1 healthy", "minimum of 2", "Launch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Standby", "EnteringStandby", "Terminating:Wait", "Detaching"})
    void leavesAloneWhatIsOutOfService(String lifecycle) {
        assertThat(ScalingMeasure.of(member(2, 2, 2, 1, lifecycle, Set.of())))
                .isInstanceOf(ScalingMeasure.Nothing.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pending", "Pending:Wait", "Warmed:Stopped"})
    void refusesWhatWouldStillBePutIntoService(String lifecycle) {
        assertThat(ScalingMeasure.of(member(0, 2, 4, 2, lifecycle, Set.of())))
                .isInstanceOf(ScalingMeasure.Refusal.class);
    }

    private static LiveMembership member(
            int min, int desired, int max, int healthy, String lifecycle, Set<String> suspended) {
        LiveMember member = new LiveMember("i-1", lifecycle, true, false);
        List<LiveMember> members = new ArrayList<>();
        members.add(member);
        members.add(new LiveMember("i-sick", "InService", false, false));
        members.add(new LiveMember("i-new", "Pending", true, false));
        for (int i = 0; i < healthy; i++) {
            members.add(new LiveMember("i-healthy-" + i, "InService", true, false));
        }
        return new LiveMembership(
                new LiveScalingGroup("web-asg", min, max, desired, suspended, members), member);
    }
}
