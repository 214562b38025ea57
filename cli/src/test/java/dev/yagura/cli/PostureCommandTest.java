package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura posture. */
class PostureCommandTest extends CommandTest {
    private final CannedPosture posture = new CannedPosture();

    @Override
    List<BindableService> services() {
        return List.of(posture);
    }

    @Test
    void showsTheVerdictAndEveryCheckAndFailsUnlessItAllows() {
        assertThat(run("posture", "show", "i-0000000000000000a")).isEqualTo(1);
        assertThat(out)
                .contains("i-0000000000000000a: deny, by the policy \"standard\"")
                .contains("because imdsv2-required: IMDSv1 answers")
                .containsPattern("fail +imdsv2-required +IMDSv1 answers \\(observed 1970-01-01")
                .contains("-> require tokens")
                .containsPattern("unknown +os-supported +nobody said \\(observed never\\)")
                .doesNotContain("\u001b");

        assertThat(run("posture", "show", "assets/1", "--output", "json")).isZero();
        assertThat(out).contains("POSTURE_VERDICT_ALLOW");
    }

    @Test
    void showsWhatThePostureWas() {
        assertThat(run("posture", "show", "assets/1", "--at", "2026-11-20T09:00:00Z")).isZero();
        assertThat(out).contains("since 2026-11-20T09:00:00");

        assertThat(run("posture", "show", "assets/1", "--at", "yesterday")).isEqualTo(2);
        assertThat(err).contains("--at");
    }

    @Test
    void showsAnAccount() {
        assertThat(run("posture", "account", "111122223333")).isEqualTo(1);
        assertThat(out)
                .contains("AWS::::Account 111122223333: deny, by the policy \"standard\"")
                .contains("because users-mfa: 1 of 3 users");
    }

    @Test
    void listsWhatIsSetUpBadlyAndSaysWhatIsNotKnown() {
        assertThat(
                        run(
                                "posture",
                                "misconfigurations",
                                "--check",
                                "bucket-not-public",
                                "--account",
                                "111122223333"))
                .isZero();
        assertThat(posture.asked.getFilter().getCheck()).isEqualTo("bucket-not-public");
        assertThat(posture.asked.getFilter().getAccountId()).isEqualTo("111122223333");
        assertThat(out)
                .containsPattern("critical +bucket-not-public +leaflets")
                .contains("not known: 444455556666: bucket-not-public posters: AWS Config has not")
                .contains("not known: 444455556666:eu-west-1: AWS::EC2::Volume is not recorded");
    }
}
