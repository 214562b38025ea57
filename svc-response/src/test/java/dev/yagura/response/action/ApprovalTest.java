package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionFilter;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.StateTransition;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.response.TestService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who must agree before an action starts, and how it is ended before it does anything. */
class ApprovalTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of(
                            "yagura.response.action.two-person-kinds", "isolate_instance",
                            "yagura.response.action.automation-per-hour", "1"));

    private static final TestService SERVICE = IDLE.service();

    private static final ActionKind ALONE = ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION;
    private static final ActionKind TWO = ActionKind.ACTION_KIND_ISOLATE_INSTANCE;
    private static final Principal REI = Principal.service("rei");
    private static final Principal KEN = Principal.service("ken");
    private static final Principal SOAR =
            new Principal(
                    PrincipalKind.PRINCIPAL_KIND_AUTOMATION,
                    "soar",
                    "SOAR",
                    Role.ROLE_RESPONDER,
                    Set.of(),
                    Optional.empty(),
                    null);

    @Test
    void startsWithTheSecondPerson() {
        UUID id = create(TWO, REI);

        assertThat(state(id)).isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(IDLE.runs().claim(Duration.ofMinutes(1))).isEmpty();
        assertThatThrownBy(() -> IDLE.catalog().approve(id, Set.of(), REI))
                .isInstanceOf(PermissionDeniedException.class)
                .hasMessageContaining("you asked for it");

        Action approved = IDLE.catalog().approve(id, Set.of(), KEN);

        assertThat(approved.getTransitionsList())
                .extracting(StateTransition::getActor)
                .containsExactly(REI.id(), KEN.id());
        assertThat(state(id)).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        assertThat(IDLE.catalog().approve(id, Set.of(), KEN)).isEqualTo(approved);
        assertThat(IDLE.runs().claim(Duration.ofMinutes(1))).isPresent();
    }

    @Test
    void aProposalNeedsTwoPersonsToo() {
        UUID incident = UUID.randomUUID();
        assertThat(IDLE.catalog().propose(order(TWO), incident, Set.of()))
                .isEqualTo(ActionCatalog.Proposal.MADE);
        UUID id = only();

        Action first = IDLE.catalog().approve(id, Set.of(), REI);

        assertThat(first.getState()).isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(IDLE.catalog().approve(id, Set.of(), REI)).as("again").isEqualTo(first);
        assertThat(IDLE.catalog().propose(order(TWO), UUID.randomUUID(), Set.of()))
                .as("while one waits")
                .isEqualTo(ActionCatalog.Proposal.MADE_BEFORE);
        assertThat(IDLE.catalog().approve(id, Set.of(), KEN).getState())
                .isEqualTo(ActionState.ACTION_STATE_APPROVED);
    }

    @Test
    void otherKindsStartAtOnce() {
        assertThat(state(create(ALONE, REI))).isEqualTo(ActionState.ACTION_STATE_APPROVED);
    }

    @Test
    void whoeverAsksMayWantAPersonToApprove() {
        ActionCatalog.Order plain = order(ALONE);
        ActionCatalog.Order approved =
                new ActionCatalog.Order(
                        ALONE, plain.target(), plain.reason(), "", Set.of(), "", true);
        UUID request = UUID.randomUUID();

        Action waiting = IDLE.catalog().create(approved, request, REI);

        assertThat(waiting.getState()).isEqualTo(ActionState.ACTION_STATE_PROPOSED);
        assertThat(waiting.getStateReason()).contains("whoever asked for it wants a person");
        assertThatThrownBy(() -> IDLE.catalog().create(plain, request, REI))
                .isInstanceOf(AlreadyExistsException.class);
    }

    @Test
    void aProgramIsNeitherOfTwoPersons() {
        UUID id = create(TWO, SOAR);

        assertThat(state(id)).isEqualTo(ActionState.ACTION_STATE_PROPOSED);
        assertThat(IDLE.catalog().approve(id, Set.of(), REI).getState())
                .isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThatThrownBy(() -> IDLE.catalog().approve(id, Set.of(), SOAR))
                .isInstanceOf(PermissionDeniedException.class)
                .hasMessageContaining("a person approves");
        assertThat(IDLE.catalog().approve(id, Set.of(), KEN).getState())
                .isEqualTo(ActionState.ACTION_STATE_APPROVED);
    }

    @Test
    void whatAProgramAsksForBeyondItsLimitWaitsForAPerson() {
        UUID first = create(ALONE, SOAR);
        assertThat(state(first)).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        release();

        UUID second = create(ALONE, SOAR);

        assertThat(IDLE.store().find(second).orElseThrow().getState())
                .isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);
        assertThat(IDLE.store().find(second).orElseThrow().getStateReason())
                .contains("programs may start 1 actions an hour")
                .contains("automation-per-hour");
        assertThat(state(create(ALONE, REI))).isEqualTo(ActionState.ACTION_STATE_APPROVED);
        release();
        assertThat(IDLE.catalog().approve(second, Set.of(), REI).getState())
                .isEqualTo(ActionState.ACTION_STATE_APPROVED);
        release();

        SERVICE.postgres()
                .execute("UPDATE action SET created_at = created_at - interval '61 minutes'");
        assertThat(state(create(ALONE, SOAR))).isEqualTo(ActionState.ACTION_STATE_APPROVED);
    }

    /** As if every action had been undone. */
    private static void release() {
        SERVICE.postgres().execute("UPDATE action SET holds_instance = false, runnable = false");
    }

    @Test
    void whatNobodyApprovesExpires() {
        UUID id = create(TWO, REI);
        SERVICE.postgres().execute("UPDATE action SET due_at = now() - interval '1 second'");

        IDLE.loop().expireProposals();

        assertThat(state(id)).isEqualTo(ActionState.ACTION_STATE_EXPIRED);
        assertThatThrownBy(() -> IDLE.catalog().approve(id, Set.of(), KEN))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("not approved within");
    }

    @Test
    void whatWaitsCanBeRejectedByEither() {
        UUID id = create(TWO, REI);

        assertThat(IDLE.catalog().reject(id, "known test", REI).getState())
                .isEqualTo(ActionState.ACTION_STATE_CANCELLED);
        assertThatThrownBy(() -> IDLE.catalog().approve(id, Set.of(), KEN))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("known test");
    }

    @Test
    void aCancelledActionDoesNothingAndHoldsNothing() {
        UUID id = create(ALONE, REI);

        Action cancelled = IDLE.catalog().cancel(id, "wrong host", REI);

        assertThat(cancelled.getState()).isEqualTo(ActionState.ACTION_STATE_CANCELLED);
        assertThat(IDLE.catalog().cancel(id, "again", KEN)).isEqualTo(cancelled);
        assertThat(IDLE.runs().claim(Duration.ofMinutes(1))).isEmpty();
        assertThat(state(create(ALONE, REI))).isEqualTo(ActionState.ACTION_STATE_APPROVED);
    }

    @Test
    void aRunnerThatHasJustTakenItWritesNothing() {
        UUID id = create(ALONE, REI);
        RunStore.Lease lease = IDLE.runs().claim(Duration.ofMinutes(1)).orElseThrow();

        IDLE.catalog().cancel(id, "wrong host", REI);

        assertThatThrownBy(() ->
                        IDLE.runs()
                                .write(
                                        lease,
                                        Duration.ofMinutes(1),
                                        List.of(UnaryOperator.identity())))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void whatHasBegunIsNotCancelled() {
        UUID id = create(ALONE, REI);
        RunStore.Lease lease = IDLE.runs().claim(Duration.ofMinutes(1)).orElseThrow();
        IDLE.runs()
                .write(
                        lease,
                        Duration.ofMinutes(1),
                        List.of(each ->
                                ActionLifecycle.move(
                                        each,
                                        ActionState.ACTION_STATE_RUNNING,
                                        "started",
                                        ActionLifecycle.PLATFORM,
                                        Clock.systemUTC().instant())));

        assertThatThrownBy(() -> IDLE.catalog().cancel(id, "wrong host", REI))
                .isInstanceOf(PreconditionFailedException.class)
                .hasMessageContaining("undo it when it has ended");
    }

    private static UUID create(ActionKind kind, Principal caller) {
        return id(IDLE.catalog().create(order(kind), UUID.randomUUID(), caller));
    }

    private static ActionCatalog.Order order(ActionKind kind) {
        return new ActionCatalog.Order(kind, TestService.target(TestService.APP), "beacon", "");
    }

    private static UUID only() {
        List<Action> all = IDLE.store().list(ActionFilter.getDefaultInstance(), Set.of(), null, 10);
        assertThat(all).hasSize(1);
        return id(all.getFirst());
    }

    private static UUID id(Action action) {
        return ResourceName.parse("actions", action.getName());
    }

    private static ActionState state(UUID id) {
        return IDLE.store().find(id).orElseThrow().getState();
    }
}
