package dev.yagura.response.isolation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.aws.Together;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.WatchedProcedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * isolate_instance. Saves; builds the group; sets it on every interface and takes the instance out
 * of its Auto Scaling group; protects it, and takes it out of its target groups; reads everything
 * back.
 */
@ApplicationScoped
public class IsolationProcedure implements WatchedProcedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_ISOLATE_INSTANCE);

    private final ScopedClients<Cloud> clients;
    private final IsolationConfig config;
    private final Clock clock;
    private final RecentSurveys recent;

    @Inject
    IsolationProcedure(Settings settings, Clock clock) {
        this(new AwsClients(AwsConfig.from(settings)), IsolationConfig.from(settings), clock);
    }

    /** For tests with keys of their own. */
    public IsolationProcedure(AwsClients clients, IsolationConfig config, Clock clock) {
        this.clients = new ScopedClients<>(scope -> Cloud.open(clients, scope));
        this.config = config;
        this.clock = clock;
        this.recent = new RecentSurveys(clock);
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_ISOLATE_INSTANCE;
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            Cloud cloud = clients.of(target.getScope());
            Survey survey = Survey.take(cloud, target, List.of(), config);
            Plan plan = IsolationPlan.of(cloud, survey, target, config, clock.instant());
            recent.keep(target, plan, survey);
            return new Prospect(plan, "");
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(() -> {
            Cloud cloud = clients.of(run.action().getTarget().getScope());
            Survey survey = applyAsPlanned(run, cloud).orElseGet(() -> applyAnew(run, cloud));
            verify(run, cloud, survey);
        });
    }

    /**
     * With what the plan was made from, if it was just now and what will be changed is still the
     * same; that is read while the run enters its section.
     */
    private Optional<Survey> applyAsPlanned(ActionRun run, Cloud cloud) {
        Action action = run.action();
        Optional<Survey> planned = recent.take(action.getTarget(), action.getPlan());
        if (planned.isEmpty() || action.getSavedStateCount() > 0) {
            return Optional.empty();
        }
        Survey survey = planned.get();
        try (Together together = new Together()) {
            Supplier<Boolean> holds = together.start(() -> survey.stillHolds(cloud));
            prepare(run, survey, action.getPlan());
            return change(run, cloud, survey, holds) ? planned : Optional.empty();
        }
    }

    private Survey applyAnew(ActionRun run, Cloud cloud) {
        Survey survey = survey(run, cloud);
        change(run, cloud, survey, () -> true);
        return survey;
    }

    /** False when the survey does not hold any more, and nothing was changed. */
    private boolean change(ActionRun run, Cloud cloud, Survey survey, Supplier<Boolean> holds) {
        String vpcId = survey.network().map(Survey.Network::vpcId).orElse("");
        boolean cut =
                run.alone(
                        IsolationGroup.section(run.action().getTarget().getScope(), vpcId),
                        () -> cut(run, cloud, survey, holds));
        if (cut) {
            withdraw(run, cloud, survey);
        }
        return cut;
    }

    /** State first: nothing is changed before what was is written. */
    private Survey survey(ActionRun run, Cloud cloud) {
        Action action = run.action();
        ActionTarget target = action.getTarget();
        boolean begun = action.getCallsCount() > 0;
        List<InterfaceState> saved = begun ? action.getSavedStateList() : List.of();
        Survey survey = Survey.take(cloud, target, saved, config);
        if (!begun) {
            prepare(run, survey, IsolationPlan.of(cloud, survey, target, config, clock.instant()));
            return survey;
        }
        // What has begun is not given up for want of others.
        Checks.requireNoneRefused(
                Guards.override(
                        Preflight.checks(survey, target, config, List.of()),
                        Set.of(Guards.MINIMUM_HEALTHY)));
        InstanceState instance = survey.surroundings().state(action.getSavedInstance());
        if (!action.getSavedStateList().equals(survey.before())
                || !action.getSavedInstance().equals(instance)) {
            run.saved(survey.before(), instance);
        }
        return survey;
    }

    private static void prepare(ActionRun run, Survey survey, Plan made) {
        Plan plan = Guards.override(made, run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        run.prepared(plan, survey.before(), survey.surroundings().state());
    }

    /**
     * At the same time for all interfaces, and out of the Auto Scaling group, which else may end
     * the instance for its health. An Auto Scaling that does not answer does not hold up the cut.
     * False when the survey does not hold any more.
     */
    private boolean cut(ActionRun run, Cloud cloud, Survey survey, Supplier<Boolean> holds) {
        Survey.Network network = survey.network().orElseThrow();
        CloudReader reader = new CloudReader(cloud);
        IsolationGroup group = IsolationGroup.read(reader, network.vpcId());
        if (!holds.get()) {
            return false;
        }
        requireHealthy(run.action(), survey, group);
        String groupId = new GroupBuild(cloud, reader, run, network).build(group);
        Stream<Change> leave =
                new Withdrawal(survey.instance(), survey.surroundings()).leaveScaling().stream();
        Stream<Change> swaps =
                survey.interfaces().stream()
                        .filter(eni -> !eni.groupIds().equals(List.of(groupId)))
                        .map(eni -> Change.setGroups(eni.id(), List.of(groupId)));
        run.callAll(Change.steps(Stream.concat(swaps, leave), cloud));
        return true;
    }

    /**
     * Another one may have been isolated since the plan was made; no further one can be from here
     * to the cut.
     */
    private void requireHealthy(Action action, Survey survey, IsolationGroup group) {
        boolean begun =
                action.getState() == ActionState.ACTION_STATE_SUCCEEDED
                        || survey.interfaces().stream().anyMatch(group::has);
        if (!begun) {
            Surroundings now = survey.surroundings().withUnhealthy(group::isolated);
            Checks.requireNoneRefused(
                    Guards.override(
                            List.of(
                                    MembershipChecks.healthy(
                                            now, survey.instance().id(), config.minimumHealthy())),
                            action.getOverriddenGuardsList()));
        }
    }

    /**
     * After the cut. What standby has deregistered by itself is not registered any more: read
     * again.
     */
    private static void withdraw(ActionRun run, Cloud cloud, Survey survey) {
        boolean moved = survey.surroundings().scaling().isPresent();
        Survey.Network network = survey.network().orElseThrow();
        Withdrawal withdrawal =
                new Withdrawal(
                        survey.instance(),
                        moved
                                ? survey.surroundingsNow(
                                        cloud,
                                        () ->
                                                IsolationGroup.read(
                                                        new CloudReader(cloud), network.vpcId()))
                                : survey.surroundings());
        run.callAll(
                Change.steps(
                        Stream.concat(
                                withdrawal.protect().stream(), withdrawal.deregister().stream()),
                        cloud));
    }

    private static void verify(ActionRun run, Cloud cloud, Survey survey) {
        run.verifying("every change is made; reading back");
        ReadBack read = ReadBack.of(cloud, survey);
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, read.passed(), read.detail());
        if (!read.passed()) {
            throw new RetryLaterException("read back otherwise than set: " + read.detail());
        }
    }

    @Override
    public void watch(ActionRun run) {
        Action action = run.action();
        ActionTarget target = action.getTarget();
        try {
            Cloud cloud = clients.of(target.getScope());
            Survey survey = Survey.ofIsolated(cloud, target, action.getSavedStateList(), config);
            ReadBack read = ReadBack.of(cloud, survey);
            if (read.passed() || survey.network().isEmpty()) {
                watched(run, read);
                return;
            }
            if (run.isDoneOften()) {
                watched(run, read.leftToPeople());
                return;
            }
            run.drift(
                    read.problems().stream()
                            .map(problem -> problem + " while isolated; isolated again")
                            .toList());
            watched(run, read);
            InstanceState instance = survey.surroundings().state(action.getSavedInstance());
            if (!action.getSavedStateList().equals(survey.before())
                    || !action.getSavedInstance().equals(instance)) {
                run.saved(survey.before(), instance);
            }
            change(run, cloud, survey, () -> true);
            watched(run, ReadBack.of(cloud, survey));
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    private static void watched(ActionRun run, ReadBack read) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, read.passed(), read.detail());
    }

    @Override
    public void undo(ActionRun run) {
        try {
            Cloud cloud = clients.of(run.action().getTarget().getScope());
            new Release(cloud, run).undo();
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    @Override
    public String remains(ActionRun run) {
        Cloud cloud = clients.of(run.action().getTarget().getScope());
        CloudReader reader = new CloudReader(cloud);
        String vpcId = Release.vpcId(run);
        String group =
                reader.groupNamed(Change.groupName(vpcId), vpcId)
                        .map(CloudReader.LiveGroup::id)
                        .orElse("");
        Stream<String> interfaces =
                run.action().getSavedStateList().stream()
                        .map(saved -> saved.getNetworkInterfaceId())
                        .flatMap(id -> reader.interfaces(List.of(id)).stream())
                        .map(eni ->
                                eni.id()
                                        + (eni.groupIds().contains(group)
                                                ? " is isolated"
                                                : " has its own groups"));
        Stream<String> scaling =
                new MembershipReader(cloud)
                        .membership(run.action().getTarget().getInstanceId()).stream()
                                .map(it -> it.member().lifecycle() + " in " + it.group().name());
        return Stream.concat(interfaces, scaling)
                .collect(Collectors.joining(", ", "", "; undo restores what is not as before"));
    }
}
