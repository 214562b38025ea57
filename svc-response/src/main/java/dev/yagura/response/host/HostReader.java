package dev.yagura.response.host;

import dev.yagura.response.aws.LiveInstance;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;

/** Reads one account and region, live. Throws what the SDK throws. */
final class HostReader {
    private final HostCloud cloud;

    /**
     * An instance as Systems Manager knows it.
     *
     * @param platform "Linux", "Windows" or "MacOS"
     * @param lastPing null when there was none
     */
    record Node(boolean online, String platform, @Nullable Instant lastPing) {}

    /**
     * A document as it is installed.
     *
     * @param version that runs when none is asked for
     * @param hash SHA-256 that Systems Manager has of it
     */
    record Installed(String version, String hash, String content) {}

    HostReader(HostCloud cloud) {
        this.cloud = cloud;
    }

    /** Empty when EC2 answers without it; an unknown id throws InvalidInstanceID.NotFound. */
    Optional<LiveInstance> instance(String id) {
        return LiveInstance.read(cloud.ec2(), id);
    }

    /** Empty for an instance that Systems Manager does not manage. */
    Optional<Node> node(String instanceId) {
        return cloud
                .ssm()
                .describeInstanceInformationPaginator(request ->
                        request.filters(filter -> filter.key("InstanceIds").values(instanceId)))
                .instanceInformationList()
                .stream()
                .map(HostReader::node)
                .findFirst();
    }

    /** Empty when the account has no document of the name. */
    Optional<Installed> document(String name) {
        try {
            var described = cloud.ssm().describeDocument(request -> request.name(name)).document();
            var content =
                    cloud.ssm()
                            .getDocument(request ->
                                    request.name(name)
                                            .documentVersion(described.documentVersion())
                                            .documentFormat(DocumentFormat.JSON));
            return Optional.of(
                    new Installed(
                            described.documentVersion(), described.hash(), content.content()));
        } catch (InvalidDocumentException e) {
            return Optional.empty();
        }
    }

    /** Id of the command with a comment, among those sent to an instance since a moment. */
    Optional<String> command(
            String instanceId, HostDocument document, String comment, Instant since) {
        return cloud
                .ssm()
                .listCommandsPaginator(request ->
                        request.instanceId(instanceId)
                                .filters(
                                        filter(CommandFilterKey.DOCUMENT_NAME, document.title()),
                                        filter(
                                                CommandFilterKey.INVOKED_AFTER,
                                                since.truncatedTo(ChronoUnit.SECONDS).toString())))
                .commands()
                .stream()
                .filter(command -> comment.equals(command.comment()))
                .map(Command::commandId)
                .findFirst();
    }

    /** Empty right after SendCommand: that is normal. */
    Optional<GetCommandInvocationResponse> invocation(String commandId, String instanceId) {
        try {
            return Optional.of(
                    cloud.ssm()
                            .getCommandInvocation(request ->
                                    request.commandId(commandId).instanceId(instanceId)));
        } catch (InvocationDoesNotExistException e) {
            return Optional.empty();
        }
    }

    private static CommandFilter filter(CommandFilterKey key, String value) {
        return CommandFilter.builder().key(key).value(value).build();
    }

    private static Node node(InstanceInformation information) {
        return new Node(
                "Online".equals(information.pingStatusAsString()),
                String.valueOf(information.platformTypeAsString()),
                information.lastPingDateTime());
    }
}
