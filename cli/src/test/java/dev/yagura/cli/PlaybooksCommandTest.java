package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.CreatePlaybookRequest;
import dev.yagura.proto.response.v1.GetPlaybookRunRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsRequest;
import dev.yagura.proto.response.v1.ListPlaybookRunsResponse;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookServiceGrpc;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.RunPlaybookRequest;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura playbooks. */
class PlaybooksCommandTest extends CommandTest {
    private static final String RUN = "playbookRuns/0198c0de-0000-7000-8000-000000000001";
    private static final String INCIDENT = "incidents/0198c0de-0000-7000-8000-000000000002";

    private final CannedPlaybooks playbooks = new CannedPlaybooks();

    /** One playbook whose run ends when it is asked for the second time. */
    private static final class CannedPlaybooks extends PlaybookServiceGrpc.PlaybookServiceImplBase {
        private String refusal = "";
        private PlaybookRunState outcome = PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED;
        private RunPlaybookRequest asked = RunPlaybookRequest.getDefaultInstance();
        private ListPlaybookRunsRequest listed = ListPlaybookRunsRequest.getDefaultInstance();

        @Override
        public void createPlaybook(
                CreatePlaybookRequest request, StreamObserver<Playbook> observer) {
            if (!request.getSource().startsWith("id: cut")) {
                throw new InvalidFieldException(
                        "source", "line 1, column 1: \"ID\" is no field", "see the reference");
            }
            observer.onNext(
                    Playbook.newBuilder()
                            .setName("playbooks/cut")
                            .setVersion(request.getValidateOnly() ? 0 : 1)
                            .setSpec(PlaybookSpec.newBuilder().setTitle("Cut it off"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void runPlaybook(RunPlaybookRequest request, StreamObserver<PlaybookRun> observer) {
            asked = request;
            PlaybookRun.Builder run =
                    PlaybookRun.newBuilder()
                            .setPlaybook(request.getPlaybook())
                            .setIncident(request.getIncident())
                            .addSteps(
                                    StepRun.newBuilder()
                                            .setStep("isolate")
                                            .setState(StepState.STEP_STATE_PENDING)
                                            .setWouldFail(!refusal.isEmpty())
                                            .setDetail(refusal));
            if (!request.getValidateOnly()) {
                run.setName(RUN).setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING);
            }
            observer.onNext(run.build());
            observer.onCompleted();
        }

        @Override
        public void getPlaybookRun(
                GetPlaybookRunRequest request, StreamObserver<PlaybookRun> observer) {
            observer.onNext(
                    PlaybookRun.newBuilder()
                            .setName(request.getName())
                            .setState(outcome)
                            .setStateReason("every step ended")
                            .addSteps(
                                    StepRun.newBuilder()
                                            .setStep("isolate")
                                            .setState(StepState.STEP_STATE_SUCCEEDED)
                                            .setDetail("isolated")
                                            .addActions("actions/1"))
                            .addSteps(
                                    StepRun.newBuilder()
                                            .setStep("cut")
                                            .setState(StepState.STEP_STATE_FAILED)
                                            .setStartTime(Timestamp.newBuilder().setSeconds(1))
                                            .setDetail("1 of 1 failed")
                                            .addElements(
                                                    StepRun.newBuilder()
                                                            .setStep("cut")
                                                            .setElement("i-1")
                                                            .setState(StepState.STEP_STATE_FAILED)
                                                            .setStartTime(
                                                                    Timestamp.newBuilder()
                                                                            .setSeconds(1))
                                                            .setDetail("refused")
                                                            .addActions("actions/2")))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void listPlaybookRuns(
                ListPlaybookRunsRequest request,
                StreamObserver<ListPlaybookRunsResponse> observer) {
            listed = request;
            observer.onNext(
                    ListPlaybookRunsResponse.newBuilder()
                            .addRuns(
                                    PlaybookRun.newBuilder()
                                            .setName(RUN)
                                            .addSteps(
                                                    StepRun.newBuilder()
                                                            .setStep("cut")
                                                            .addElements(
                                                                    StepRun.newBuilder()
                                                                            .setStep("cut")
                                                                            .setElement("i-1"))))
                            .build());
            observer.onCompleted();
        }
    }

    @Override
    List<BindableService> services() {
        return List.of(playbooks);
    }

    @Test
    void checksAndCreatesAFile() throws Exception {
        Path good = Files.writeString(folder.resolve("cut.yaml"), "id: cut");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "ID: cut");

        assertThat(run("playbooks", "check", good.toString())).isZero();
        assertThat(out).contains("playbooks/cut is valid");
        assertThat(run("playbooks", "create", good.toString())).isZero();
        assertThat(out).contains("Cut it off", "playbooks/cut");
        assertThat(run("playbooks", "check", bad.toString())).isNotZero();
        assertThat(err).contains("line 1, column 1: \"ID\" is no field");
        assertThat(run("playbooks", "create", "nowhere.yaml")).isEqualTo(2);
        assertThat(err).contains("cannot read nowhere.yaml");
    }

    @Test
    void aPlanThatWouldBeRefusedIsSeenByAScript() {
        assertThat(run("playbooks", "plan", "cut", INCIDENT)).isZero();
        assertThat(playbooks.asked.getPlaybook()).isEqualTo("playbooks/cut");
        assertThat(playbooks.asked.getValidateOnly()).isTrue();

        playbooks.refusal = "would be refused: no agent";
        assertThat(run("playbooks", "plan", "playbooks/cut", INCIDENT)).isEqualTo(1);
        assertThat(out).contains("pending  isolate: would be refused: no agent");
    }

    @Test
    void aRunIsFollowedToItsEnd() {
        String[] command = {"playbooks", "run", "cut", INCIDENT, "--reason", "seen"};
        assertThat(run(command)).isZero();
        assertThat(out)
                .contains(RUN, "succeeded: every step ended", "actions/1")
                .contains("-  failed  cut, i-1: refused")
                .contains("      failed  cut, i-1: refused\n          actions/2");
        assertThat(playbooks.asked.getReason()).isEqualTo("seen");
        assertThat(playbooks.asked.getRequestId()).hasSize(36);

        playbooks.outcome = PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED;
        assertThat(run(command)).isEqualTo(1);
        assertThat(run("playbooks", "run", "cut", INCIDENT)).isEqualTo(2);
        assertThat(err).contains("--reason");
        assertThat(run("playbooks", "run", "cut", INCIDENT, "--reason", "x", "--detach")).isZero();
        assertThat(out).contains("running");
    }

    @Test
    void runsAreFiltered() {
        assertThat(
                        run(
                                "playbooks",
                                "runs",
                                "--playbook",
                                "cut",
                                "--incident",
                                INCIDENT,
                                "--state",
                                "failed"))
                .isZero();
        assertThat(playbooks.listed.getFilter().getPlaybook()).isEqualTo("playbooks/cut");
        assertThat(playbooks.listed.getFilter().getState())
                .isEqualTo(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED);
        assertThat(out).doesNotContain("i-1");
        assertThat(run("playbooks", "runs", "--steps")).isZero();
        assertThat(out).contains("cut, i-1");
    }
}
