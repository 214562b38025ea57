package dev.yagura.response.task;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.TaskState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Guards;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsChange;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.WatchedEffect;
import dev.yagura.response.identity.DenyPlacement;
import dev.yagura.response.identity.DenyPlacement.Seen;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * Stops a task and denies its sessions; gives back the role, and the service where it was told to
 * want no task. Every call does nothing where it was made before.
 */
final class TaskContainment implements WatchedEffect {
    private final TaskCloud cloud;
    private final ActionRun run;
    private final Clock clock;
    private final TaskLimits limits;
    private final ActionTarget target;
    private final TaskReader reader;

    TaskContainment(TaskCloud cloud, ActionRun run, Clock clock, TaskLimits limits) {
        this.cloud = cloud;
        this.run = run;
        this.clock = clock;
        this.limits = limits;
        this.target = run.action().getTarget();
        this.reader = new TaskReader(cloud.ecs(), target.getTask().getCluster());
    }

    @Override
    public void apply() {
        if (!run.action().hasTaskState()) {
            prepare();
        }
        run.alone("tasks of " + state().getClusterArn(), this::cut);
        awaitStopped();
        run.verifying("stopped; reading back");
        settle(seen());
    }

    /** State and evidence first: nothing is changed before what was is written. */
    private void prepare() {
        TaskSurvey survey = survey();
        Plan plan =
                Guards.override(
                        TaskPlan.of(
                                survey,
                                target,
                                run.action(),
                                limits.minimumHealthy(),
                                clock.instant()),
                        run.action().getOverriddenGuardsList());
        Checks.requireNoneRefused(plan.getChecksList());
        TaskReader.LiveTask task = survey.task();
        TaskState.Builder state =
                TaskState.newBuilder()
                        .setTaskArn(task.arn())
                        .setClusterArn(task.clusterArn())
                        .setTaskDefinitionArn(task.definitionArn())
                        .setTaskRoleArn(survey.roleArn().orElse(""))
                        .setLaunchType(task.launchType())
                        .setContainerInstanceArn(task.placement().instanceArn())
                        .addAllNetworkInterfaceIds(task.placement().interfaceIds())
                        .addAllContainers(task.containers());
        if (task.placement().started() != null) {
            state.setStartTime(SavedTime.of(task.placement().started()));
        }
        survey.service()
                .ifPresent(service ->
                        state.setServiceName(service.name())
                                .setDesiredCount(service.desired())
                                .setMinimumHealthyPercent(service.minimumHealthyPercent())
                                .setMaximumPercent(service.maximumPercent()));
        run.prepared(
                plan,
                saving -> {
                    survey.denied(target.getTask())
                            .ifPresent(
                                    role -> saving.setPrincipalDenyState(role.state(run.action())));
                    return saving.setTaskState(state);
                });
    }

    private TaskSurvey survey() {
        return TaskSurvey.take(cloud, target.getTask(), clock.instant());
    }

    private void cut() {
        if (run.action().getCallsCount() == 0) {
            // Another task of the service may have been stopped since the plan was made.
            Checks.requireNoneRefused(
                    Guards.override(
                            List.of(
                                    TaskPreflight.healthy(
                                            survey(), target, limits.minimumHealthy())),
                            run.action().getOverriddenGuardsList()));
        }
        if (isServiceStopped() && desired().filter(each -> each != 0).isPresent()) {
            desire(0).make(run, cloud.ecs());
        }
        deny().ifPresent(DenyPlacement::ensure);
        if (task().filter(TaskReader.LiveTask::wanted).isPresent()) {
            TaskChange.stop(
                            state().getClusterArn(),
                            state().getTaskArn(),
                            TaskPlan.reason(run.action()))
                    .make(run, cloud.ecs());
        }
    }

    private void awaitStopped() {
        Optional<TaskReader.LiveTask> task = task();
        if (task.isPresent() && task.get().wanted()) {
            throw new RetryLaterException("ECS still shows the task " + task.get().lastStatus());
        }
        if (task.isPresent() && !task.get().isStopped()) {
            throw new StillPendingException(
                    "the task is " + task.get().lastStatus(), limits.poll());
        }
        if (!new CallHistory(run.action()).perhapsMade(TaskChange.STOP)
                && !new CallHistory(run.action()).perhapsMade("ecs:UpdateService")) {
            run.drift(List.of("the task was stopped by somebody else"));
        }
    }

    private Optional<TaskReader.LiveTask> task() {
        return reader.task(state().getTaskArn());
    }

    private Seen seen() {
        String stopped = task().isEmpty() ? "the task is gone" : "the task is STOPPED";
        Seen result = new Seen(true, stopped);
        if (isServiceStopped()) {
            result = both(result, service());
        }
        Optional<Seen> denied = deny().map(DenyPlacement::seen);
        return denied.isPresent() ? both(result, denied.get()) : result;
    }

    private Seen service() {
        Optional<Integer> desired = desired();
        return new Seen(
                desired.isEmpty() || desired.get() == 0,
                "the service %s %s"
                        .formatted(
                                state().getServiceName(),
                                desired.map(each -> "wants " + each).orElse("is gone")));
    }

    @Override
    public void watch() {
        Seen result = new Seen(true, "the task is stopped");
        if (isServiceStopped()) {
            result = both(result, keepService());
        }
        Optional<Seen> denied = deny().map(DenyPlacement::keep);
        Seen all = denied.isPresent() ? both(result, denied.get()) : result;
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, all.passed(), all.detail());
    }

    private Seen keepService() {
        Seen now = service();
        if (now.passed() || run.isDoneOften()) {
            return now.passed() ? now : new Seen(false, now.detail() + ActionRun.LEFT);
        }
        run.drift(List.of(now.detail() + " while contained; set to 0 again"));
        desire(0).make(run, cloud.ecs());
        return service();
    }

    @Override
    public void undo() {
        if (!run.action().hasTaskState()) {
            verified(new Seen(true, "nothing was changed"));
            return;
        }
        Seen result = new Seen(true, "the task stays stopped");
        Optional<Seen> denied = deny().map(DenyPlacement::remove);
        if (denied.isPresent()) {
            result = both(result, denied.get());
        }
        settle(isServiceStopped() ? both(result, restoreService()) : result);
    }

    /** Not only where it is shown as 0: the change may not be shown yet. */
    private Seen restoreService() {
        int before = state().getDesiredCount();
        CallHistory history = new CallHistory(run.action());
        Optional<Integer> seen = desired();
        if (seen.isEmpty()) {
            run.drift(
                    List.of("the service " + state().getServiceName() + " was deleted meanwhile"));
            return new Seen(true, "the service is gone");
        }
        boolean cut = before != 0 && history.perhapsMade(desire(0).call());
        boolean restored = history.made(desire(before).call());
        if (seen.get() != before && (!cut || seen.get() != 0)) {
            run.drift(
                    List.of(
                            "the service %s wants %d, set by somebody else; left so (before: %d)"
                                    .formatted(state().getServiceName(), seen.get(), before)));
            return new Seen(true, service().detail());
        }
        if (cut && !(seen.get() == before && restored)) {
            desire(before).make(run, cloud.ecs());
        }
        return new Seen(desired().filter(each -> each == before).isPresent(), service().detail());
    }

    @Override
    public String remains() {
        List<String> parts = new ArrayList<>();
        parts.add(
                task().map(each -> "the task is " + each.lastStatus()).orElse("the task is gone"));
        if (isServiceStopped()) {
            parts.add(service().detail());
        }
        deny().map(each -> each.seen().detail()).ifPresent(parts::add);
        parts.add("undo restores what this action changed, but for the task");
        return String.join("; ", parts);
    }

    private boolean isServiceStopped() {
        return target.getTask().getStopService() && !state().getServiceName().isEmpty();
    }

    private Optional<Integer> desired() {
        return reader.service(state().getServiceName()).map(TaskReader.LiveService::desired);
    }

    private AwsChange<EcsClient> desire(int count) {
        return TaskChange.desire(state().getClusterArn(), state().getServiceName(), count);
    }

    /** Where it is part of the action. */
    private Optional<DenyPlacement> deny() {
        String role = state().getTaskRoleArn();
        return run.action().hasPrincipalDenyState()
                ? Optional.of(
                        DenyPlacement.ofOlderSessions(
                                role.substring(role.lastIndexOf('/') + 1),
                                cloud.identity(),
                                run,
                                clock))
                : Optional.empty();
    }

    private TaskState state() {
        return run.action().getTaskState();
    }

    private static Seen both(Seen first, Seen second) {
        return new Seen(first.passed() && second.passed(), first.detail() + "; " + second.detail());
    }

    private void settle(Seen seen) {
        verified(seen);
        if (!seen.passed()) {
            throw new RetryLaterException(
                    seen.detail() + ": AWS needs a while, or somebody changed it");
        }
    }

    private void verified(Seen seen) {
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, seen.passed(), seen.detail());
    }
}
