package dev.yagura.response.isolation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.action.RetryLaterException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;

/** isolate_instance. Saves, builds the group, sets it on every interface, reads everything back. */
@ApplicationScoped
public class IsolationProcedure implements Procedure {
    private final CloudClients clients;
    private final IsolationConfig config;
    private final Clock clock;

    @Inject
    IsolationProcedure(Settings settings, Clock clock) {
        this(new AwsClients(AwsConfig.from(settings)), IsolationConfig.from(settings), clock);
    }

    /** For tests with keys of their own. */
    public IsolationProcedure(AwsClients clients, IsolationConfig config, Clock clock) {
        this.clients = new CloudClients(clients);
        this.config = config;
        this.clock = clock;
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
            CloudClients.Cloud cloud = clients.of(target.getScope());
            Survey survey = Survey.take(new CloudReader(cloud), target, List.of(), config);
            return new Prospect(
                    IsolationPlan.of(cloud.ec2(), survey, target, clock.instant()),
                    survey.network().map(Survey.Network::vpcId).orElse(""));
        } catch (SdkException e) {
            throw AwsErrors.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ActionTarget target = run.action().getTarget();
        try {
            CloudClients.Cloud cloud = clients.of(target.getScope());
            CloudReader reader = new CloudReader(cloud);
            Survey survey = Survey.take(reader, target, run.action().getSavedStateList(), config);
            prepare(run, cloud, survey);
            Survey.Network network = survey.network().orElseThrow();
            String groupId = new GroupBuild(cloud.ec2(), reader, run, network).build();
            for (CloudReader.LiveInterface eni : survey.interfaces()) {
                isolate(run, cloud, eni, groupId);
            }
            run.verifying("every interface has " + groupId + "; reading back");
            verify(run, reader, network, groupId);
        } catch (SdkException e) {
            throw AwsErrors.whileRunning(e);
        } catch (NotFoundException e) {
            throw new ActionFailedException(e.getMessage() + " any more", e);
        }
    }

    /** State first: nothing is changed before what was is written. */
    private void prepare(ActionRun run, CloudClients.Cloud cloud, Survey survey) {
        Action action = run.action();
        if (action.getSavedStateCount() == 0) {
            Plan plan = IsolationPlan.of(cloud.ec2(), survey, action.getTarget(), clock.instant());
            refuse(plan);
            run.prepared(plan, survey.before());
            return;
        }
        refuse(
                Plan.newBuilder()
                        .addAllChecks(Preflight.checks(survey, action.getTarget(), List.of()))
                        .build());
        if (!action.getSavedStateList().equals(survey.before())) {
            run.saved(survey.before());
        }
    }

    private static void refuse(Plan plan) {
        Preflight.refusal(plan.getChecksList())
                .ifPresent(reason -> {
                    throw new ActionFailedException(reason);
                });
    }

    private static void isolate(
            ActionRun run,
            CloudClients.Cloud cloud,
            CloudReader.LiveInterface eni,
            String groupId) {
        if (!eni.groupIds().equals(List.of(groupId))) {
            Change change = Change.setGroups(eni.id(), List.of(groupId));
            run.call(change.call(), () -> change.send(cloud.ec2()));
        }
    }

    private static void verify(
            ActionRun run, CloudReader reader, Survey.Network network, String groupId) {
        String instanceId = run.action().getTarget().getInstanceId();
        List<CloudReader.LiveInterface> interfaces = reader.interfacesOf(instanceId);
        List<String> problems = new ArrayList<>();
        interfaces.stream()
                .filter(eni -> !eni.groupIds().equals(List.of(groupId)))
                .forEach(eni -> problems.add(eni.id() + " has " + eni.groupIds()));
        GroupDesign design = Survey.design(reader, network.vpcId(), instanceId, network.path());
        if (!design.isBuilt() || design.refusal().isPresent()) {
            problems.add(groupId + " has other rules than it must have");
        }
        if (interfaces.isEmpty()) {
            problems.add(instanceId + " has no interface any more");
        }
        if (!problems.isEmpty()) {
            String detail = String.join("; ", problems);
            run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, detail);
            throw new RetryLaterException("read back otherwise than set: " + detail);
        }
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "%s: only %s on every interface (%s), which allows %s"
                        .formatted(
                                instanceId,
                                groupId,
                                interfaces.stream()
                                        .map(CloudReader.LiveInterface::id)
                                        .collect(Collectors.joining(", ")),
                                rules(design)));
    }

    private static String rules(GroupDesign design) {
        List<GroupRule> rules = design.existing().orElseThrow().rules();
        return rules.isEmpty()
                ? "nothing"
                : rules.stream().map(GroupRule::toString).collect(Collectors.joining(", "));
    }

    @Override
    public void undo(ActionRun run) {
        try {
            CloudClients.Cloud cloud = clients.of(run.action().getTarget().getScope());
            new Release(cloud.ec2(), new CloudReader(cloud), run).undo();
        } catch (SdkException e) {
            throw AwsErrors.whileRunning(e);
        }
    }

    @Override
    public String remains(ActionRun run) {
        CloudReader reader = new CloudReader(clients.of(run.action().getTarget().getScope()));
        String group =
                reader.groupNamed(Change.groupName(run.vpcId()), run.vpcId())
                        .map(CloudReader.LiveGroup::id)
                        .orElse("");
        return run.action().getSavedStateList().stream()
                .map(saved -> saved.getNetworkInterfaceId())
                .flatMap(id -> reader.interfaces(List.of(id)).stream())
                .map(eni ->
                        eni.id()
                                + (eni.groupIds().contains(group)
                                        ? " is isolated"
                                        : " has its own groups"))
                .collect(Collectors.joining(", ", "", "; undo restores what is not as before"));
    }
}
