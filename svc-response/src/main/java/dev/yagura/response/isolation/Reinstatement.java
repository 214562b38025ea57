package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.TargetState;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Gives an instance back what it belonged to: takes back what this action did, by its record, and
 * leaves and reports what others changed.
 */
final class Reinstatement {
    /** The target cannot serve: not running, not in the network any more. */
    private static final String INVALID_TARGET = "InvalidTarget";

    private final Cloud cloud;
    private final MembershipReader reader;
    private final ActionRun run;
    private final String instanceId;
    private final InstanceState saved;
    private final CallHistory history;
    private final ScalingReturn scaling;
    private final List<Change> flags = new ArrayList<>();
    private final List<TargetState> registrations = new ArrayList<>();
    private boolean running;

    Reinstatement(Cloud cloud, ActionRun run, Set<String> isolatedInstances) {
        this.cloud = cloud;
        this.reader = new MembershipReader(cloud);
        this.run = run;
        this.instanceId = run.action().getTarget().getInstanceId();
        this.saved = run.action().getSavedInstance();
        this.history = new CallHistory(run.action());
        this.scaling =
                new ScalingReturn(
                        instanceId, saved.getAutoScaling(), history, reader, isolatedInstances);
    }

    /**
     * Reads, and decides what is taken back.
     *
     * @param instance empty when it is terminated: then only its group gets something back
     * @param addresses of its interfaces now
     * @return what others changed
     */
    List<String> decide(Optional<CloudReader.LiveInstance> instance, List<String> addresses) {
        if (!run.action().hasSavedInstance()) {
            return List.of();
        }
        running = instance.filter(CloudReader.LiveInstance::isRunning).isPresent();
        List<String> drift = new ArrayList<>(scaling.decide(instance.isPresent(), running));
        if (instance.isPresent()) {
            decideFlags(instance.get(), drift);
            decideTargets(addresses, drift);
        }
        return drift;
    }

    private void decideFlags(CloudReader.LiveInstance instance, List<String> drift) {
        if (instance.spot()) {
            return;
        }
        MembershipReader.Protection live = reader.protection(instanceId);
        decideFlag(
                "termination",
                saved.getTerminationProtection(),
                live.termination(),
                InstanceChanges.protectFromTermination(instanceId, true),
                InstanceChanges.protectFromTermination(instanceId, false),
                drift);
        decideFlag(
                "stop",
                saved.getStopProtection(),
                live.stop(),
                InstanceChanges.protectFromStop(instanceId, true),
                InstanceChanges.protectFromStop(instanceId, false),
                drift);
    }

    private void decideFlag(
            String what,
            boolean before,
            boolean live,
            Change set,
            Change unset,
            List<String> drift) {
        if (!before && live && history.perhapsMade(set.call())) {
            flags.add(unset);
        } else if (before != live
                || (!live && history.made(set.call()) && !history.perhapsMade(unset.call()))) {
            drift.add(
                    "%s: protection from %s was %s by somebody else; left so"
                            .formatted(instanceId, what, live ? "set" : "taken away"));
        }
    }

    private void decideTargets(List<String> addresses, List<String> drift) {
        Set<String> ids = new TreeSet<>(addresses);
        ids.add(instanceId);
        saved.getTargetsList().forEach(target -> ids.add(target.getTargetId()));
        MembershipReader.LiveTargets live = reader.targets(Release.vpcId(run), ids);
        List<TargetState> registered =
                live.targets().stream()
                        .filter(MembershipReader.LiveTarget::registered)
                        .map(Surroundings::state)
                        .toList();
        for (TargetState target : saved.getTargetsList()) {
            if (!live.groupArns().contains(target.getTargetGroupArn())) {
                drift.add(text(target) + ": the target group does not exist any more");
            } else {
                decideTarget(target, isAmong(registered, target), drift);
            }
        }
        registered.stream()
                .filter(target -> !isAmong(saved.getTargetsList(), target))
                .forEach(target ->
                        drift.add(text(target) + " was registered by somebody else; left so"));
    }

    private void decideTarget(TargetState target, boolean registered, List<String> drift) {
        Change out = InstanceChanges.deregister(target);
        boolean returned =
                history.perhapsMade(InstanceChanges.register(target).call())
                        || scaling.mayHaveReturned();
        if (registered) {
            if (history.made(out.call()) && !returned) {
                drift.add(text(target) + " was registered again by somebody else");
            }
        } else if (history.perhapsMade(out.call()) || scaling.mayHaveLeft()) {
            registrations.add(target);
        } else {
            drift.add(text(target) + " was taken out by somebody else; left so");
        }
    }

    /** Makes the calls; into service only what may return. */
    void restore() {
        scaling.changes().forEach(this::send);
        if (hindrance().isEmpty()) {
            registrations.forEach(this::register);
        }
        flags.forEach(this::send);
    }

    private void register(TargetState target) {
        try {
            send(InstanceChanges.register(target));
        } catch (AwsServiceException e) {
            if (!AwsErrors.code(e).equals(INVALID_TARGET)) {
                throw e;
            }
            run.drift(List.of(text(target) + " is not registered again: " + AwsErrors.text(e)));
        }
    }

    private void send(Change change) {
        run.call(change.call(), () -> change.send(cloud));
    }

    /** Why not everything can be given back now; the rest is. */
    Optional<ScalingReturn.Hindrance> hindrance() {
        return scaling.hindrance()
                .or(() ->
                        registrations.isEmpty() || running
                                ? Optional.empty()
                                : Optional.of(
                                        ScalingReturn.stopped(
                                                instanceId
                                                        + " is not registered with its target"
                                                        + " groups")));
    }

    /** For people, after {@link #restore}. */
    String facts() {
        List<String> facts = new ArrayList<>(scaling.facts());
        if (hindrance().isEmpty()) {
            registrations.forEach(target -> facts.add(text(target) + " registered"));
        }
        flags.forEach(change -> facts.add("taken away: " + change.call().getParametersMap()));
        return String.join("; ", facts);
    }

    /** What is read back otherwise than restored. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(scaling.problems());
        if (!flags.isEmpty()) {
            MembershipReader.Protection live = reader.protection(instanceId);
            boolean termination = live.termination() && !saved.getTerminationProtection();
            if (termination || (live.stop() && !saved.getStopProtection())) {
                problems.add(instanceId + " still has a protection that it had not");
            }
        }
        return problems;
    }

    private static boolean isAmong(List<TargetState> targets, TargetState target) {
        return targets.stream().anyMatch(each -> Surroundings.isSame(each, target));
    }

    /** "target group web: i-… port 80" */
    static String text(TargetState target) {
        String[] arn = target.getTargetGroupArn().split("/", -1);
        return "target group %s: %s port %d"
                .formatted(
                        arn.length > 1 ? arn[1] : target.getTargetGroupArn(),
                        target.getTargetId(),
                        target.getPort());
    }
}
