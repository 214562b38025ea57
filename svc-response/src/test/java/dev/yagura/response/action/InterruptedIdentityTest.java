package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.TestService;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/**
 * Kinds that act on IAM, with runners that die, answers that are lost, calls that are throttled,
 * and reads that show what was before.
 */
class InterruptedIdentityTest {
    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static final TestService SERVICE = IDLE.service();
    private static final String KEY = "AKIASANDBOXDEPLOY001";
    private static final String ROLE = "app-instance";

    /** What is done, what is read of it, and how the world looks then. */
    enum Case {
        KEY_DISABLED(
                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                List.of("iam:UpdateAccessKey"),
                List.of("iam:ListAccessKeys")) {
            @Override
            ActionTarget.Builder of(ActionTarget.Builder target) {
                return target.setAccessKeyId(KEY);
            }

            @Override
            List<String> world(UUID id) {
                return SERVICE
                        .iam()
                        .listAccessKeys(r -> r.userName("deploy"))
                        .accessKeyMetadata()
                        .stream()
                        .map(AccessKeyMetadata::statusAsString)
                        .toList();
            }

            @Override
            List<String> applied(UUID id) {
                return List.of("Inactive", "Active");
            }

            @Override
            List<String> before() {
                return List.of("Active", "Active");
            }

            @Override
            void spoil(UUID id) {
                SERVICE.iam()
                        .updateAccessKey(
                                r -> r.userName("deploy").accessKeyId(KEY).status("Active"));
            }
        },
        SESSIONS_REVOKED(
                ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                List.of("iam:PutRolePolicy", "iam:DeleteRolePolicy"),
                List.of("iam:GetRolePolicy")) {
            @Override
            ActionTarget.Builder of(ActionTarget.Builder target) {
                return target.setRoleName(ROLE);
            }

            @Override
            List<String> world(UUID id) {
                return SERVICE.iam().listRolePolicies(r -> r.roleName(ROLE)).policyNames();
            }

            @Override
            List<String> applied(UUID id) {
                return List.of("yagura-revoke-" + id);
            }

            /** Somebody else has looked, so that there is something older to show. */
            @Override
            int readsBefore(UUID id) {
                assertThatThrownBy(() ->
                                SERVICE.iam()
                                        .getRolePolicy(r ->
                                                r.roleName(ROLE).policyName("yagura-revoke-" + id)))
                        .isInstanceOf(NoSuchEntityException.class);
                return 0;
            }

            @Override
            void spoil(UUID id) {
                SERVICE.iam()
                        .deleteRolePolicy(r -> r.roleName(ROLE).policyName("yagura-revoke-" + id));
            }
        },
        USER_DENIED(
                ActionKind.ACTION_KIND_DENY_PRINCIPAL,
                List.of("iam:PutUserPolicy", "iam:DeleteUserPolicy"),
                List.of("iam:GetUserPolicy")) {
            @Override
            ActionTarget.Builder of(ActionTarget.Builder target) {
                return target.setPrincipalArn("arn:aws:iam::111122223333:user/deploy");
            }

            @Override
            List<String> world(UUID id) {
                return SERVICE.iam().listUserPolicies(r -> r.userName("deploy")).policyNames();
            }

            @Override
            List<String> applied(UUID id) {
                return List.of("yagura-deny-" + id);
            }

            @Override
            void spoil(UUID id) {
                SERVICE.iam()
                        .deleteUserPolicy(
                                r -> r.userName("deploy").policyName("yagura-deny-" + id));
            }
        };

        private final ActionKind kind;
        private final List<String> writes;
        private final List<String> reads;

        Case(ActionKind kind, List<String> writes, List<String> reads) {
            this.kind = kind;
            this.writes = writes;
            this.reads = reads;
        }

        abstract ActionTarget.Builder of(ActionTarget.Builder target);

        abstract List<String> world(UUID id);

        abstract List<String> applied(UUID id);

        /** Undoes it as somebody else. */
        abstract void spoil(UUID id);

        List<String> before() {
            return List.of();
        }

        /** How often it is looked at before it is done, in an attempt that is the first. */
        int readsBefore(UUID id) {
            return 1;
        }

        UUID create() {
            return IDLE.create(
                    kind, of(ActionTarget.newBuilder().setScope(TestService.TOKYO)).build());
        }

        void assertApplied(UUID id) {
            IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(world(id)).isEqualTo(applied(id));
        }

        void assertUndone(UUID id) {
            Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
            assertThat(action.getDriftList()).isEmpty();
            assertThat(world(id)).isEqualTo(before());
        }
    }

    @ParameterizedTest
    @EnumSource
    void survivesAKillAtEveryStep(Case each) throws Exception {
        IDLE.dieAtEveryStep(each::create, each::assertApplied, each::assertUndone);
    }

    @ParameterizedTest
    @EnumSource
    void survivesLostRepliesThrottlesAndKills(Case each) {
        Random random = new Random(each.name().length());
        UUID id = each.create();

        spoil(each, random);
        IDLE.runners().runToTheEnd();
        each.assertApplied(id);

        IDLE.undo(id);
        spoil(each, random);
        IDLE.runners().runToTheEnd();
        each.assertUndone(id);
    }

    /** IAM tells its regions little by little. */
    @ParameterizedTest
    @EnumSource
    void readsBackUntilItIsSeen(Case each) {
        UUID id = each.create();
        int before = each.readsBefore(id);
        each.reads.forEach(read -> stale(read, before, 2));
        IDLE.runners().runToTheEnd();
        each.assertApplied(id);
        assertThat(IDLE.action(id).getVerificationsList())
                .extracting(verification -> verification.getPassed())
                .containsExactly(false, true);

        IDLE.undo(id);
        each.reads.forEach(read -> stale(read, 1, 2));
        IDLE.runners().runToTheEnd();
        each.assertUndone(id);
    }

    @ParameterizedTest
    @EnumSource
    void doesAgainWhatOthersUndid(Case each) {
        UUID id = each.create();
        IDLE.runners().runToTheEnd();
        each.spoil(id);

        IDLE.watch();

        each.assertApplied(id);
        assertThat(IDLE.action(id).getDriftList()).singleElement().asString().contains("again");
        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isTrue();
    }

    @Test
    void failureSaysWhatIsLeftAndCanBeUndone() {
        UUID id = Case.SESSIONS_REVOKED.create();
        SERVICE.sandbox().fail("iam:PutRolePolicy", "LimitExceeded", 409);
        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("LimitExceeded", "does not have the policy");
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        Case.SESSIONS_REVOKED.assertUndone(id);
    }

    private static void spoil(Case each, Random random) {
        Stream.concat(each.writes.stream(), each.reads.stream())
                .forEach(SERVICE.sandbox()::loseReply);
        each.writes.forEach(write -> SERVICE.sandbox().throttle(write, 1 + random.nextInt(5)));
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
    }

    private static void stale(String read, int skip, int times) {
        SERVICE.sandbox()
                .planFault(
                        Map.of("operation", read, "kind", "stale", "skip", skip, "times", times));
    }
}
