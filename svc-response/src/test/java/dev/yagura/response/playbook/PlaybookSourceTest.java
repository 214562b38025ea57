package dev.yagura.response.playbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlaybookSourceTest {
    private static final String GOOD =
            """
            id: demo
            title: For tests
            when: incident.severity >= Severity.SEVERITY_HIGH
            start: automatic
            quiet_hours:
              zone: Asia/Tokyo
              from: "09:00"
              to: "18:00"
              days: [mon, tue]
            steps:
              - id: cut
                parallel:
                  - steps:
                      - id: host
                        action: isolate_host
                        on_failure: continue
                  - steps:
                      - id: cloud
                        action: isolate_instance
                        retries: 2
              - id: kill
                when: steps.host == 'failed' && !(incident.asset.instance_id in ['i-1'])
                action: kill_process
                approval: true
                with:
                  process.pid: incident.processes[0].pid
                  process.start_time_ns: 1790000000000000000
            """;

    @Test
    void readsStepsBranchesAndExpressions() {
        PlaybookSpec spec = PlaybookSource.read(GOOD);

        assertThat(spec.getId()).isEqualTo("demo");
        assertThat(spec.getStepsList())
                .extracting(PlaybookStep::getId)
                .containsExactly("cut", "kill");
        assertThat(spec.getSteps(0).getParallel(0).getSteps(0).getOnFailure())
                .isEqualTo(OnFailure.ON_FAILURE_CONTINUE);
        assertThat(spec.getSteps(0).getParallel(1).getSteps(0).getRetries()).isEqualTo(2);
        assertThat(spec.getSteps(1).getApproval()).isTrue();
        assertThat(spec.getSteps(1).getWithMap()).containsKey("process.pid");
    }

    static List<Path> shipped() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("..", "deploy", "playbooks"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource
    void shipped(Path file) throws Exception {
        PlaybookSpec spec = PlaybookSource.read(Files.readString(file));

        assertThat(file.getFileName()).hasToString(spec.getId() + ".yaml");
        assertThat(spec.getWhen()).contains("incident.tactics");
        assertThat(spec.getDescription()).isNotBlank();
    }

    /** What is replaced in the good one, by what, and the problem with its place. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    id: demo            | id: Demo        | line 1, column 5: id is lower-case
                    title: For tests    | titel: x        | line 2, column 1: "titel" is no field; write one of id, title,
                    title: For tests    | description: x  | title is missing
                    action: isolate_host | action: isolate | line 15, column 21: isolate is no kind of action; write one of isolate_instance,
                    id: cloud           | id: host        | line 18, column 17: another step has the id host
                    id: cloud           | id: the cloud   | line 18, column 17: each step has an id of lower-case letters
                    retries: 2          | retries: two    | line 20, column 22: retries is a whole number
                    retries: 2          | retries: 9      | line 20, column 22: retries are 0 to 5
                    retries: 2          | timeout: 5 min  | line 20, column 22: a time is ISO 8601 such as PT30M
                    retries: 2          | when: steps.host == 'failed' | line 20, column 19: no step host has ended when this is decided
                    approval: true      | approval: yes   | line 24, column 15: approval is true or false
                    on_failure: continue | on_failure: go | line 16, column 25: "go" is none of stop, continue
                    process.pid:        | process.id:     | line 26, column 19: process.id is no field of a target
                    process.pid:        | scope.region:   | line 26, column 21: the scope is that of the incident
                    incident.processes[0].pid | incident.asset.hostname | line 26, column 20: this is string, and must be uint
                    start: automatic    | start: always   | line 4, column 8: "always" is none of manual, automatic
                    start: automatic    | start: manual   | line 6, column 3: quiet hours are for runs that start by themselves
                    Asia/Tokyo          | Tokio           | line 6, column 3: "Tokio" is no time zone
                    "18:00"             | six             | line 6, column 3: to is a time such as 09:00
                    "18:00"             | "09:00"         | line 6, column 3: quiet hours have a length
                    [mon, tue]          | [monday]        | line 6, column 3: "monday" is none of mon, tue, wed, thu, fri, sat, sun
                    Severity.SEVERITY_HIGH | true         | line 3, column 7: found no matching overload
                    incident.severity   | incident.sverity | line 3, column 7: undefined field 'sverity'
                    steps.host          | steps.other     | line 22, column 11: no step other has ended
                    """)
    void saysWhatIsWrongAndWhere(String good, String bad, String problem) {
        assertThat(GOOD).contains(good);

        assertThatThrownBy(() ->
                        PlaybookSource.read(
                                GOOD.replaceFirst(
                                        Pattern.quote(good), Matcher.quoteReplacement(bad))))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("source")
                .hasMessageContaining(problem);
    }

    private static final String LIST =
            """
            id: demo
            title: For tests
            steps:
              - id: keys
                for_each: incident.processes.filter(p, p.user == 'root')
                limit: 10
                at_once: 2
                action: kill_process
                with:
                  process.pid: each.pid
                  process.start_time_ns: int(each.start_time) * 1000000000
            """;

    /** As above, of a list. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    incident.processes.filter(p, p.user == 'root') | incident.asset | line 5, column 15: this is yagura.detection.v1.AssetSnapshot, and must be a list of texts, whole numbers or messages of one type
                    incident.processes.filter(p, p.user == 'root') | "[[1], [2]]" | line 5, column 15: this is list, and must be a list of texts
                    incident.processes.filter(p, p.user == 'root') | incident.processez | line 5, column 15: undefined field 'processez'
                    incident.processes.filter(p, p.user == 'root') | "steps.later == 'failed' ? incident.processes : []" | line 5, column 15: no step later has ended
                    incident.processes.filter(p, p.user == 'root') | incident.merged_from | line 10, column 20: type 'string' does not support field selection
                    limit: 10           | limit: 101      | line 6, column 12: limit is 1 to 100
                    at_once: 2          | at_once: 21     | line 7, column 14: at_once is 1 to 20
                    each.pid            | each.uid        | line 10, column 20: undefined field 'uid'
                    each.pid            | each.path       | line 10, column 20: this is string, and must be uint
                    action: kill_process | when: each.pid > 1u | line 8, column 11: undeclared reference to 'each'
                    action: kill_process | action: import_findings | line 5, column 15: import_findings takes the incident as it is, once
                    """)
    void saysWhatIsWrongWithAListAndWhere(String good, String bad, String problem) {
        assertThat(PlaybookSource.read(LIST).getSteps(0).getForEach()).contains("'root'");
        assertThat(LIST).contains(good);

        assertThatThrownBy(() ->
                        PlaybookSource.read(
                                LIST.replaceFirst(
                                        Pattern.quote(good), Matcher.quoteReplacement(bad))))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aListSaysSomethingAboutEachAction() {
        String same =
                """
                id: demo
                title: For tests
                steps:
                  - id: keys
                    for_each: incident.merged_from
                    action: isolate_instance
                """;
        assertThatThrownBy(() -> PlaybookSource.read(same))
                .hasMessageContaining("line 5, column 15: no field of with has each in it");
        assertThat(
                        PlaybookSource.read(
                                        same.replace(
                                                "incident.merged_from", "incident.reach.assets"))
                                .getStepsCount())
                .isOne();
        assertThatThrownBy(() ->
                        PlaybookSource.read(
                                same.replace("for_each: incident.merged_from", "limit: 2")))
                .hasMessageContaining(
                        "line 4, column 5: limit and at_once are for steps with for_each");
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() ->
                        PlaybookSource.read(
                                """
                                id: demo
                                steps:
                                  - id: a
                                  - id: b
                                    action: isolate_instance
                                    parallel:
                                      - steps: []
                                """))
                .hasMessageContaining("title is missing")
                .hasMessageContaining(
                        "line 3, column 5: a step has either an action or parallel branches")
                .hasMessageContaining(
                        "line 4, column 5: a step has either an action or parallel branches");
    }

    @Test
    void refusesTextThatIsNoPlaybook() {
        assertThatThrownBy(() -> PlaybookSource.read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> PlaybookSource.read("a: [")).hasMessageContaining("line 1");
        assertThatThrownBy(() -> PlaybookSource.read("- a"))
                .hasMessageContaining("line 1, column 1: expected keys and values here");
        assertThatThrownBy(() -> PlaybookSource.read("id: a\nid: b"))
                .hasMessageContaining("there twice");
        assertThatThrownBy(() -> PlaybookSource.read("a: &x [b]\nc: [*x, *x]"))
                .isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> PlaybookSource.read("[".repeat(500)))
                .isInstanceOf(InvalidFieldException.class);
        assertThatThrownBy(() -> PlaybookSource.read("x".repeat(70_000)))
                .hasMessageContaining("64 KiB");
    }
}
