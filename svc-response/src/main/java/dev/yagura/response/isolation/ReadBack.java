package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.response.action.ActionRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the world says of an isolation that was made.
 *
 * @param problems what is otherwise than set; empty when nothing is
 * @param detail for people: the problems, or what was read
 */
record ReadBack(List<String> problems, String detail) {
    ReadBack {
        problems = List.copyOf(problems);
    }

    boolean passed() {
        return problems.isEmpty();
    }

    /** The same of an isolation that is not done again any more. */
    ReadBack leftToPeople() {
        return new ReadBack(problems, detail + ActionRun.LEFT);
    }

    static ReadBack of(Cloud cloud, Survey survey) {
        Optional<Survey.Network> network = survey.network();
        if (network.isEmpty()) {
            String instance = survey.instance().id() + " is " + survey.instance().state();
            String problem = instance + " and has no interface in one VPC any more";
            return new ReadBack(List.of(problem), problem);
        }
        return of(cloud, survey, network.get());
    }

    private static ReadBack of(Cloud cloud, Survey survey, Survey.Network network) {
        CloudReader reader = new CloudReader(cloud);
        String instanceId = survey.instance().id();
        try (Together together = new Together()) {
            Supplier<IsolationGroup> group =
                    together.start(() -> IsolationGroup.read(reader, network.vpcId()));
            Supplier<List<CloudReader.LiveInterface>> interfaces =
                    together.start(() -> reader.interfacesOf(instanceId));
            Withdrawal withdrawal =
                    new Withdrawal(
                            survey.instance(),
                            survey.surroundings()
                                    .readBack(
                                            cloud,
                                            instanceId,
                                            () -> survey.surroundingsNow(cloud, group)));
            return of(instanceId, network, group.get(), interfaces.get(), withdrawal);
        }
    }

    private static ReadBack of(
            String instanceId,
            Survey.Network network,
            IsolationGroup group,
            List<CloudReader.LiveInterface> interfaces,
            Withdrawal withdrawal) {
        GroupDesign design = group.design(instanceId, network.path());
        List<String> problems = new ArrayList<>(withdrawal.problems());
        interfaces.stream()
                .filter(eni -> !group.isAllOf(eni))
                .forEach(eni -> problems.add(eni.id() + " has " + eni.groupIds()));
        if (!design.isBuilt() || design.refusal().isPresent()) {
            problems.add(group.name() + " has other rules than it must have");
        }
        if (interfaces.isEmpty()) {
            problems.add(instanceId + " has no interface any more");
        }
        return problems.isEmpty()
                ? new ReadBack(List.of(), facts(instanceId, group, design, interfaces, withdrawal))
                : new ReadBack(problems, String.join("; ", problems));
    }

    private static String facts(
            String instanceId,
            IsolationGroup group,
            GroupDesign design,
            List<CloudReader.LiveInterface> interfaces,
            Withdrawal withdrawal) {
        return "%s: only %s on every interface (%s), which allows %s; %s"
                .formatted(
                        instanceId,
                        group.name(),
                        interfaces.stream()
                                .map(CloudReader.LiveInterface::id)
                                .collect(Collectors.joining(", ")),
                        rules(design),
                        withdrawal.facts());
    }

    private static String rules(GroupDesign design) {
        List<GroupRule> rules = design.existing().orElseThrow().rules();
        return rules.isEmpty()
                ? "nothing"
                : rules.stream().map(GroupRule::toString).collect(Collectors.joining(", "));
    }
}
