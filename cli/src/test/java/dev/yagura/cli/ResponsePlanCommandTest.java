package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.GetResponsePlanRequest;
import dev.yagura.proto.response.v1.PlanContact;
import dev.yagura.proto.response.v1.RecordDrillRequest;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.proto.response.v1.ResponsePlanServiceGrpc;
import dev.yagura.proto.response.v1.ResponsePlanSpec;
import dev.yagura.proto.response.v1.UpdateResponsePlanRequest;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura response-plan. */
class ResponsePlanCommandTest extends CommandTest {
    private final CannedPlan plan = new CannedPlan();

    private static final class CannedPlan
            extends ResponsePlanServiceGrpc.ResponsePlanServiceImplBase {
        private boolean overdue;
        private UpdateResponsePlanRequest written = UpdateResponsePlanRequest.getDefaultInstance();
        private RecordDrillRequest recorded = RecordDrillRequest.getDefaultInstance();

        @Override
        public void getResponsePlan(
                GetResponsePlanRequest request, StreamObserver<ResponsePlan> observer) {
            observer.onNext(
                    ResponsePlan.newBuilder()
                            .setVersion(3)
                            .setNextDrillTime(Timestamp.newBuilder().setSeconds(1_795_000_000))
                            .setDrillOverdue(overdue)
                            .addMissingPlaybooks("playbooks/web-shell")
                            .setSpec(
                                    ResponsePlanSpec.newBuilder()
                                            .setTitle("Incident response")
                                            .setOwner("lead")
                                            .addPlaybooks("ransomware")
                                            .addPlaybooks("web-shell")
                                            .setText("Call first.\nThink then.")
                                            .addContacts(
                                                    PlanContact.newBuilder()
                                                            .setId("lead")
                                                            .setName("Rei")
                                                            .setRole("incident commander")
                                                            .setPhone("+81 3 0000 0000")))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void updateResponsePlan(
                UpdateResponsePlanRequest request, StreamObserver<ResponsePlan> observer) {
            written = request;
            observer.onNext(ResponsePlan.newBuilder().setVersion(4).build());
            observer.onCompleted();
        }

        @Override
        public void recordDrill(RecordDrillRequest request, StreamObserver<Drill> observer) {
            recorded = request;
            observer.onNext(Drill.newBuilder().setScenario(request.getScenario()).build());
            observer.onCompleted();
        }
    }

    @Override
    List<BindableService> services() {
        return List.of(plan);
    }

    @Test
    void showsWhomToCallAndWhatIsMissing() {
        assertThat(run("response-plan", "show")).isZero();
        assertThat(out)
                .contains("Incident response  version 3")
                .contains("next drill by 2026-11-18")
                .contains("Rei, incident commander (owns the plan)  +81 3 0000 0000")
                .contains("web-shell  IS NOT THERE ANY MORE")
                .contains("Call first.\nThink then.");
    }

    @Test
    void anOverdueDrillIsAnExitCode() {
        plan.overdue = true;

        assertThat(run("response-plan", "show")).isEqualTo(1);
        assertThat(out).contains("DRILL OVERDUE since 2026-11-18", "none was recorded yet");
    }

    @Test
    void writesAFileAndKeepsDrills() throws Exception {
        Path file = Files.writeString(folder.resolve("plan.yaml"), "title: x\n");

        assertThat(run("response-plan", "check", file.toString())).isZero();
        assertThat(plan.written.getValidateOnly()).isTrue();
        assertThat(run("response-plan", "set", file.toString(), "--etag", "3")).isZero();
        assertThat(plan.written.getSource()).isEqualTo("title: x\n");
        assertThat(plan.written.getEtag()).isEqualTo("3");
        assertThat(out).contains("version 4 is in force");

        assertThat(
                        run(
                                "response-plan",
                                "drill",
                                "--scenario",
                                "by night",
                                "--time",
                                "2026-11-20T09:00:00Z"))
                .isZero();
        assertThat(plan.recorded.getTime().getSeconds()).isEqualTo(1_795_165_200);
        assertThat(plan.recorded.getRequestId()).hasSize(36);
        assertThat(run("response-plan", "drill", "--scenario", "x", "--time", "yesterday"))
                .isEqualTo(2);
    }
}
