package dev.yagura.response.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.DeletePlaybookRequest;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.GetResponsePlanRequest;
import dev.yagura.proto.response.v1.ListDrillsRequest;
import dev.yagura.proto.response.v1.RecordDrillRequest;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.proto.response.v1.UpdateResponsePlanRequest;
import dev.yagura.response.TestService;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The plan through the public contract, on a real database. */
class ResponsePlanTest {
    @RegisterExtension static final TestService SERVICE = TestService.with(Map.of());

    private static final String PLAN =
            """
            title: Incident response
            owner: lead
            drill_interval: P180D
            contacts:
              - id: lead
                name: Rei
                email: rei@example.com
            playbooks: [cut]
            """;

    private static final String CUT =
            """
            id: cut
            title: Cut it off
            steps:
              - id: isolate
                action: isolate_instance
            """;

    @BeforeEach
    void forget() {
        SERVICE.postgres()
                .execute("TRUNCATE response_plan_version, response_plan_drill, playbook_version");
    }

    /** The story of a plan: written, changed, practised, overdue. */
    @Test
    void isWrittenPractisedAndOverdue() {
        refused(() -> get(), Status.Code.NOT_FOUND, "responsePlan");
        refused(() -> record(drill("by night")), Status.Code.NOT_FOUND, "responsePlan");
        refused(
                () -> update(PLAN, ""),
                Status.Code.INVALID_ARGUMENT,
                "there is no playbook \"cut\"");
        createPlaybook();

        ResponsePlan first = update(PLAN, "");
        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(first.getAuthor()).isEqualTo("token-1");
        assertThat(first.getDrillOverdue()).isFalse();
        assertThat(seconds(first.getNextDrillTime()))
                .isEqualTo(seconds(first.getCreateTime()) + Duration.ofDays(180).toSeconds());
        assertThat(update(PLAN, "")).as("the same text").isEqualTo(first);

        ResponsePlan second = update(PLAN + "text: Call first.\n", first.getEtag());
        assertThat(second.getVersion()).isEqualTo(2);
        refused(() -> update(PLAN, first.getEtag()), Status.Code.ABORTED, "changed since");
        assertThat(second.getNextDrillTime())
                .as("a change is no drill")
                .isEqualTo(first.getNextDrillTime());

        Instant longAgo = Instant.now().minus(Duration.ofDays(400));
        RecordDrillRequest request = drill("by day").setTime(time(longAgo)).build();
        Drill recorded = record(request.toBuilder());
        assertThat(record(request.toBuilder())).as("the same request").isEqualTo(recorded);
        refused(
                () -> record(request.toBuilder().setScenario("another")),
                Status.Code.ALREADY_EXISTS,
                request.getRequestId());
        ResponsePlan late = get();
        assertThat(late.getDrillOverdue()).isTrue();
        assertThat(late.getLastDrill()).isEqualTo(recorded);
        DrillReminder reminder = CDI.current().select(DrillReminder.class).get();
        reminder.look();
        assertThat(reminder.overdueDays()).isEqualTo(400 - 180 + 1);

        Drill next = record(drill("by night").setFindings("the pager was off"));
        assertThat(next.getPlanVersion()).isEqualTo(2);
        assertThat(get().getDrillOverdue()).isFalse();
        reminder.look();
        assertThat(reminder.overdueDays()).isZero();
        assertThat(
                        SERVICE.responsePlan()
                                .listDrills(ListDrillsRequest.newBuilder().setPageSize(1).build())
                                .getDrillsList())
                .containsExactly(next);

        deletePlaybook();
        assertThat(get().getMissingPlaybooksList()).containsExactly("playbooks/cut");
    }

    @Test
    void drillsThatCannotHaveBeenAreRefused() {
        createPlaybook();
        update(PLAN, "");

        refused(
                () -> record(drill("later").setTime(time(Instant.now().plusSeconds(3_600)))),
                Status.Code.INVALID_ARGUMENT,
                "time: is in the future");
        refused(() -> record(drill(" ")), Status.Code.INVALID_ARGUMENT, "scenario: is empty");
        refused(
                () -> record(drill("x").setPlaybookRun("runs/1")),
                Status.Code.INVALID_ARGUMENT,
                "playbook_run");
        refused(
                () -> record(drill("x").setFindings("x".repeat(70_000))),
                Status.Code.INVALID_ARGUMENT,
                "findings: is longer than 64 KiB");
    }

    private static void createPlaybook() {
        SERVICE.playbooksOf(Set.of())
                .createPlaybook(CreatePlaybookRequest.newBuilder().setSource(CUT).build());
    }

    private static void deletePlaybook() {
        SERVICE.playbooksOf(Set.of())
                .deletePlaybook(
                        DeletePlaybookRequest.newBuilder().setName("playbooks/cut").build());
    }

    private static ResponsePlan get() {
        return SERVICE.responsePlan().getResponsePlan(GetResponsePlanRequest.getDefaultInstance());
    }

    private static ResponsePlan update(String source, String etag) {
        return SERVICE.responsePlan()
                .updateResponsePlan(
                        UpdateResponsePlanRequest.newBuilder()
                                .setSource(source)
                                .setEtag(etag)
                                .build());
    }

    private static Drill record(RecordDrillRequest.Builder request) {
        return SERVICE.responsePlan().recordDrill(request.build());
    }

    private static RecordDrillRequest.Builder drill(String scenario) {
        return RecordDrillRequest.newBuilder()
                .setScenario(scenario)
                .setRequestId(UUID.randomUUID().toString());
    }

    private static void refused(ThrowingCallable call, Status.Code code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal ->
                                assertThat(refusal.getStatus().getCode())
                                        .as(refusal.getMessage())
                                        .isEqualTo(code))
                .hasMessageContaining(text);
    }

    private static long seconds(Timestamp time) {
        return time.getSeconds();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }
}
