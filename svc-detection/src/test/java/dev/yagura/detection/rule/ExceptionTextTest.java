package dev.yagura.detection.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExceptionTextTest {
    private static final LogSource PROCESSES = new LogSource("linux", "process_creation", "");
    private static final Device LINUX = Device.newBuilder().setOs("linux").build();
    private static final Instant NOW = Instant.parse("2026-11-24T04:20:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User: ansible",
                "User: ansible\nCommandLine|contains: apt-get",
                "  User:\n    - puppet\n    - ansible\n",
                "- User: puppet\n- CommandLine|endswith: '-y'",
                "{User: ansible, CommandLine|startswith: apt}",
                "# by hand\nwho:\n    User: ansible\nwhat:\n    CommandLine|contains: apt\n"
                        + "condition: who and what",
            })
    void coversWhatASelectionOrConditionSays(String text) {
        assertThat(covers(text, "ansible")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User: root",
                "User: ansible\nCommandLine|contains: curl",
                "who:\n  User: ansible\nwhat:\n  CommandLine|contains: apt\n"
                        + "condition: who and not what",
            })
    void coversNothingElse(String text) {
        assertThat(covers(text, "ansible")).isFalse();
    }

    @Test
    void saysWhereTheTextIsWrong() {
        assertThatThrownBy(() -> parse("User: ansible\nCommandLine|near: x"))
                .isInstanceOf(ExceptionText.UnusableException.class)
                .hasMessageContaining("line 2, column ")
                .hasMessageContaining("near");
        assertThatThrownBy(() -> parse("who:\n  User: x\ncondition: whom"))
                .hasMessageContaining("line 3, column 12")
                .hasMessageContaining("whom");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NoSuchField: x",
                "User: x\n---\nUser: y",
                "User: x\n}\ncondition: y",
                "a: &a [*a]",
            })
    void refusesWhatCanNeverHoldOrIsNoSelection(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(ExceptionText.UnusableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"})
    void cannotLeaveItsPlaceByAnyLineBreak(String lineBreak) {
        String text = "User: nobody" + lineBreak + "condition: not exception";
        boolean covered;
        try {
            covered = covers(text, "ansible");
        } catch (ExceptionText.UnusableException e) {
            covered = false;
        }
        assertThat(covered).isFalse();
    }

    @Test
    void coversNothingFromItsEndOn() {
        ExceptionMatcher matcher =
                matcher(exception("User: ansible", Optional.of(NOW.plusSeconds(1))));
        assertThat(matcher.covering(LINUX, event("ansible"), NOW)).isPresent();
        assertThat(matcher.covering(LINUX, event("ansible"), NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void namesTheExceptionThatCovers() {
        StoredException first = exception("User: puppet", Optional.empty());
        StoredException second = exception("User: ansible", Optional.empty());
        ExceptionMatcher matcher = matcher(first, second);
        assertThat(matcher.covering(LINUX, event("ansible"), NOW)).contains(second.id());
        assertThat(matcher.covering(LINUX, event("puppet"), NOW)).contains(first.id());
        assertThat(matcher.covering(LINUX, event("root"), NOW)).isEmpty();
    }

    private static boolean covers(String text, String user) {
        parse(text);
        return matcher(exception(text, Optional.empty()))
                .covering(LINUX, event(user), NOW)
                .isPresent();
    }

    private static SigmaRule parse(String text) {
        return ExceptionText.parse(text, PROCESSES, RuleSets.STANDARD);
    }

    private static ExceptionMatcher matcher(StoredException... exceptions) {
        return ExceptionMatcher.fitting(List.of(exceptions), rule(), RuleSets.STANDARD)
                .orElseThrow();
    }

    private static SigmaRule rule() {
        return parse("CommandLine|contains: apt");
    }

    private static StoredException exception(String text, Optional<Instant> end) {
        return new StoredException(
                UUID.randomUUID(), "rules/p/r", text, "x", "t", NOW, end, 0, Optional.empty());
    }

    private static SensorEvent event(String user) {
        return SensorEvent.of(
                Event.newBuilder()
                        .setClassUid(1007)
                        .setActivityId(1)
                        .setProcess(
                                Process.newBuilder()
                                        .setCmdLine("apt-get install -y")
                                        .setUser(User.newBuilder().setName(user)))
                        .build());
    }
}
