package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/**
 * Undoes an isolation: an interface that still has the isolation group gets what was saved; one
 * that others changed is left and reported.
 */
final class Release {
    private static final Set<String> STILL_USED = Set.of("DependencyViolation", "CannotDelete");
    private static final String GONE = "InvalidGroup.NotFound";

    private final Cloud cloud;
    private final CloudReader reader;
    private final ActionRun run;
    private final String section;
    private final Optional<CloudReader.LiveGroup> isolation;
    private final Reinstatement reinstatement;
    private final List<String> drift = new ArrayList<>();

    /** What each interface must have at the end, by id; without those that are left alone. */
    private final Map<String, List<String>> restored = new LinkedHashMap<>();

    Release(Cloud cloud, ActionRun run) {
        this.cloud = cloud;
        this.reader = new CloudReader(cloud);
        this.run = run;
        String vpcId = vpcId(run);
        IsolationGroup group = IsolationGroup.read(reader, vpcId);
        this.section = IsolationGroup.section(run.action().getTarget().getScope(), vpcId);
        this.isolation = group.group();
        this.reinstatement = new Reinstatement(cloud, run, group.isolated());
    }

    /** Versions that did not save it made it the lane. */
    static String vpcId(ActionRun run) {
        String saved = run.action().getSavedInstance().getVpcId();
        return saved.isEmpty() ? run.lane() : saved;
    }

    void undo() {
        List<InterfaceState> saved = run.action().getSavedStateList();
        Set<String> savedIds =
                saved.stream()
                        .map(InterfaceState::getNetworkInterfaceId)
                        .collect(Collectors.toSet());
        Map<String, CloudReader.LiveInterface> live =
                reader.interfaces(savedIds).stream()
                        .collect(
                                Collectors.toMap(
                                        CloudReader.LiveInterface::id, Function.identity()));
        Set<String> existing = existingGroups(saved);
        saved.forEach(state -> decide(state, live.get(state.getNetworkInterfaceId()), existing));
        if (!saved.isEmpty()) {
            lookAtInstance(savedIds);
        }
        run.drift(drift);
        restoreInterfaces(live);
        reinstatement.restore();
        verify();
        isolation.ifPresent(group -> run.alone(section, () -> removeUnused(group)));
        reinstatement.hindrance().ifPresent(Release::endHindered);
    }

    private static void endHindered(ScalingReturn.Hindrance hindrance) {
        throw hindrance.passes()
                ? new RetryLaterException(hindrance.reason())
                : new ActionFailedException(hindrance.reason());
    }

    private void decide(
            InterfaceState saved, CloudReader.@Nullable LiveInterface live, Set<String> existing) {
        String id = saved.getNetworkInterfaceId();
        if (live == null) {
            drift.add(id + " does not exist any more");
            return;
        }
        if (!run.action().getTarget().getInstanceId().equals(live.instanceId())) {
            drift.add(id + " is not attached to the instance any more");
        }
        List<String> before = saved.getSecurityGroupIdsList();
        boolean isolated = isolation.isPresent() && live.groupIds().contains(isolation.get().id());
        List<String> wanted = before.stream().filter(existing::contains).toList();
        if (!isolated) {
            if (!sameGroups(live.groupIds(), before) && !sameGroups(live.groupIds(), wanted)) {
                drift.add(
                        "%s has %s, set by somebody else; left so (before the isolation: %s)"
                                .formatted(id, live.groupIds(), before));
            }
            return;
        }
        live.groupIds().stream()
                .filter(group -> !isolation.get().id().equals(group))
                .filter(group -> !before.contains(group))
                .forEach(group -> drift.add(id + " got " + group + " meanwhile; taken away"));
        before.stream()
                .filter(group -> !existing.contains(group))
                .forEach(group ->
                        drift.add(id + " had " + group + ", which does not exist any more"));
        restored.put(id, wanted);
    }

    /** Says what the saved state knows nothing of. */
    private void lookAtInstance(Set<String> savedIds) {
        String id = run.action().getTarget().getInstanceId();
        Optional<CloudReader.LiveInstance> instance = instance(id);
        if (instance.isEmpty() || instance.get().isGone()) {
            drift.add(id + " is terminated: nothing of it is left to restore");
            drift.addAll(reinstatement.decide(Optional.empty(), List.of()));
            return;
        }
        List<CloudReader.LiveInterface> interfaces = reader.interfacesOf(id);
        drift.addAll(
                reinstatement.decide(
                        instance,
                        interfaces.stream().flatMap(eni -> eni.addresses().stream()).toList()));
        interfaces.stream()
                .filter(eni -> !savedIds.contains(eni.id()))
                .forEach(eni ->
                        drift.add(
                                "%s was attached after the isolation and has %s; left so"
                                        .formatted(eni.id(), eni.groupIds())));
    }

    private Optional<CloudReader.LiveInstance> instance(String id) {
        try {
            return reader.instance(id);
        } catch (Ec2Exception e) {
            if (AwsErrors.isUnknownInstance(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Every interface that can be restored, before one that cannot ends the undo. */
    private void restoreInterfaces(Map<String, CloudReader.LiveInterface> live) {
        List<Change> changes = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        restored.forEach((id, groups) -> {
            CloudReader.@Nullable LiveInterface now = live.get(id);
            if (now != null && groups.isEmpty()) {
                lost.add(id);
            } else if (now != null && !now.groupIds().equals(groups)) {
                changes.add(Change.setGroups(id, groups));
            }
        });
        run.callAll(Change.steps(changes.stream(), cloud));
        if (!lost.isEmpty()) {
            throw new ActionFailedException(
                    String.join(", ", lost)
                            + " stays isolated: none of the groups that it had exists any more; set"
                            + " its groups by hand, then undo again");
        }
    }

    private void verify() {
        List<String> problems = new ArrayList<>(reinstatement.problems());
        reader.interfaces(restored.keySet()).stream()
                .filter(eni -> !sameGroups(eni.groupIds(), restored.get(eni.id())))
                .map(eni -> eni.id() + " has " + eni.groupIds())
                .forEach(problems::add);
        String facts = reinstatement.facts();
        String detail =
                problems.isEmpty()
                        ? "groups as before: "
                                + (restored.isEmpty() ? "none was isolated" : restored.toString())
                                + (facts.isEmpty() ? "" : "; " + facts)
                        : String.join("; ", problems);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, problems.isEmpty(), detail);
        if (!problems.isEmpty()) {
            throw new RetryLaterException("read back otherwise than restored: " + detail);
        }
    }

    /** The group is made again when it is needed; one that is not ours or is used stays. */
    private void removeUnused(CloudReader.LiveGroup group) {
        boolean ours = Change.TAG_VALUE.equals(group.tags().get(Change.TAG));
        if (!ours || !reader.membersOf(group.id()).isEmpty()) {
            return;
        }
        Change change = Change.deleteGroup(group.id());
        try {
            run.call(change.call(), () -> change.send(cloud));
        } catch (Ec2Exception e) {
            if (STILL_USED.contains(AwsErrors.code(e))) {
                run.drift(List.of(group.id() + " is left: something else uses it"));
            } else if (!GONE.equals(AwsErrors.code(e))) {
                throw e;
            }
        }
    }

    private Set<String> existingGroups(List<InterfaceState> saved) {
        return reader.groups(
                        saved.stream()
                                .flatMap(each -> each.getSecurityGroupIdsList().stream())
                                .collect(Collectors.toSet()))
                .keySet();
    }

    private static boolean sameGroups(List<String> some, @Nullable List<String> others) {
        return others != null && new HashSet<>(some).equals(new HashSet<>(others));
    }
}
