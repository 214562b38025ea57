package dev.yagura.response.host;

import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SsmReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/** Reads one account and region, live. Throws what the SDK throws. */
final class HostReader {
    private final HostCloud cloud;
    private final SsmReader ssmReader;

    HostReader(HostCloud cloud) {
        this.cloud = cloud;
        this.ssmReader = new SsmReader(cloud.ssm());
    }

    /** Empty when EC2 answers without it; an unknown id throws InvalidInstanceID.NotFound. */
    Optional<LiveInstance> instance(String id) {
        return LiveInstance.read(cloud.ec2(), id);
    }

    /** Empty for an instance that Systems Manager does not manage. */
    Optional<SsmReader.Node> node(String instanceId) {
        return Optional.ofNullable(ssmReader.nodes(List.of(instanceId)).get(instanceId));
    }

    /** Empty when the account has no document of the name. */
    Optional<SsmReader.Document> document(String name) {
        return ssmReader.document(name);
    }

    /** Id of the command with a comment, among those sent to an instance since a moment. */
    Optional<String> command(
            String instanceId, HostDocument document, String comment, Instant since) {
        return ssmReader.command(instanceId, document.title(), comment, since);
    }

    /** Empty right after SendCommand: that is normal. */
    Optional<GetCommandInvocationResponse> invocation(String commandId, String instanceId) {
        return ssmReader.invocation(commandId, instanceId);
    }
}
