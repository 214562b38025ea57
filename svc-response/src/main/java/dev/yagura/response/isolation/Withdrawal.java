package dev.yagura.response.isolation;

import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes an instance out of what it belongs to, and protects it. Decided from what was read just
 * now: what is done already is not done again. Planned, sent and verified from here.
 */
final class Withdrawal {
    private final CloudReader.LiveInstance instance;
    private final Surroundings surroundings;

    Withdrawal(CloudReader.LiveInstance instance, Surroundings surroundings) {
        this.instance = instance;
        this.surroundings = surroundings;
    }

    /** So that its Auto Scaling group neither replaces it nor puts it back. */
    List<Change> leaveScaling() {
        return surroundings
                .scaling()
                .map(membership -> leave(membership.group().name(), ScalingMeasure.of(membership)))
                .orElse(List.of());
    }

    private List<Change> leave(String group, ScalingMeasure measure) {
        List<Change> changes = new ArrayList<>();
        switch (measure) {
            case ScalingMeasure.Nothing nothing -> {}
            case ScalingMeasure.Refusal refusal -> {}
            case ScalingMeasure.Standby standby ->
                    changes.add(
                            InstanceChanges.enterStandby(
                                    group, instance.id(), standby.decrement()));
            case ScalingMeasure.Shield shield -> {
                if (shield.scaleIn()) {
                    changes.add(InstanceChanges.protectFromScaleIn(group, instance.id(), true));
                }
                if (shield.suspend()) {
                    changes.add(InstanceChanges.suspendReplacement(group));
                }
            }
        }
        return List.copyOf(changes);
    }

    /**
     * Evidence must not vanish. EC2 protects no Spot Instance, and stops none on instance store.
     */
    List<Change> protect() {
        List<Change> changes = new ArrayList<>();
        if (!instance.spot() && !surroundings.protection().termination()) {
            changes.add(InstanceChanges.protectFromTermination(instance.id(), true));
        }
        if (!instance.spot() && instance.rootOnEbs() && !surroundings.protection().stop()) {
            changes.add(InstanceChanges.protectFromStop(instance.id(), true));
        }
        return List.copyOf(changes);
    }

    /** Last: until its connections have drained, a balancer may wait for 300 s and more. */
    List<Change> deregister() {
        return surroundings.registered().stream()
                .map(Surroundings::state)
                .map(InstanceChanges::deregister)
                .toList();
    }

    /** What is read back otherwise than set. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!leaveScaling().isEmpty()) {
            problems.add("it is " + scalingText());
        }
        protect().forEach(change -> problems.add("not set: " + change.call().getParametersMap()));
        surroundings
                .registered()
                .forEach(target -> problems.add("it is still registered with " + target));
        return problems;
    }

    /** "Standby in web-asg, 2 healthy instances beside it; web (i-… port 80) draining; …" */
    String facts() {
        List<String> facts = new ArrayList<>();
        if (surroundings.scaling().isPresent()) {
            facts.add(scalingText());
        }
        surroundings.targets().stream()
                .map(target -> target + " " + target.state())
                .forEach(facts::add);
        facts.add(protectionText());
        return String.join("; ", facts);
    }

    private String scalingText() {
        return surroundings.scaling().map(this::scalingText).orElse("in no Auto Scaling group");
    }

    private String scalingText(LiveMembership membership) {
        return "%s in %s, %d healthy instances in service beside it"
                .formatted(
                        membership.member().lifecycle(),
                        membership.group().name(),
                        membership.group().healthyBeside(instance.id()));
    }

    private String protectionText() {
        List<String> from = new ArrayList<>();
        if (surroundings.protection().termination()) {
            from.add("termination");
        }
        if (surroundings.protection().stop()) {
            from.add("stop");
        }
        return from.isEmpty()
                ? "not protected from termination"
                : "protected from " + String.join(" and ", from);
    }
}
