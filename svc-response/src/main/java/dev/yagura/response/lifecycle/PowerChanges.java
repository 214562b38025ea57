package dev.yagura.response.lifecycle;

import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.isolation.Change;
import dev.yagura.response.isolation.Cloud;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** Calls that start, stop and terminate an instance. All do nothing where it is done already. */
final class PowerChanges {
    private static final String INSTANCE = "InstanceId";

    /** EC2's answer for what is protected. */
    private static final String PROTECTED = "OperationNotPermitted";

    private PowerChanges() {}

    static Change stop(String instanceId) {
        return Change.of(
                "ec2:StopInstances",
                Map.of(INSTANCE, instanceId),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .stopInstances(
                                        request -> request.instanceIds(instanceId).dryRun(dryRun)));
    }

    static Change terminate(String instanceId) {
        return Change.of(
                "ec2:TerminateInstances",
                Map.of(INSTANCE, instanceId),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .terminateInstances(
                                        request -> request.instanceIds(instanceId).dryRun(dryRun)));
    }

    /**
     * Makes a call on an instance whose protection was taken away just now.
     *
     * @throws RetryLaterException it is protected: the watch over its isolation, for example, has
     *     set that again
     */
    static void sendUnprotected(ActionRun run, Cloud cloud, Change change) {
        try {
            run.call(change.call(), () -> change.send(cloud));
        } catch (Ec2Exception e) {
            if (AwsErrors.code(e).equals(PROTECTED)) {
                throw new RetryLaterException("AWS: " + AwsErrors.text(e), e);
            }
            throw e;
        }
    }

    static Change start(String instanceId) {
        return Change.of(
                "ec2:StartInstances",
                Map.of(INSTANCE, instanceId),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .startInstances(
                                        request -> request.instanceIds(instanceId).dryRun(dryRun)));
    }
}
