package dev.yagura.response.aws;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.DescribeDocumentRequest;
import software.amazon.awssdk.services.ssm.model.DocumentFormat;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentVersionException;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;

/** Systems Manager's nodes, documents and commands, live. Throws what the SDK throws. */
public final class SsmReader {
    private final SsmClient ssm;

    /**
     * An instance as Systems Manager knows it.
     *
     * @param platform "Linux", "Windows" or "MacOS"
     * @param lastPing null when there was none
     */
    public record Node(boolean online, String platform, @Nullable Instant lastPing) {}

    /**
     * A document as it is installed.
     *
     * @param version a number
     * @param hash SHA-256 that Systems Manager has of it
     * @param content JSON
     */
    public record Document(String version, String hash, String content) {}

    public SsmReader(SsmClient ssm) {
        this.ssm = ssm;
    }

    /** By instance; without those that Systems Manager does not manage. */
    public Map<String, Node> nodes(Collection<String> instanceIds) {
        return instanceIds.isEmpty()
                ? Map.of()
                : ssm
                        .describeInstanceInformationPaginator(request ->
                                request.filters(
                                        filter -> filter.key("InstanceIds").values(instanceIds)))
                        .instanceInformationList()
                        .stream()
                        .collect(
                                Collectors.toMap(InstanceInformation::instanceId, SsmReader::node));
    }

    /** The version that runs when none is asked for; empty when there is no such document. */
    public Optional<Document> document(String name) {
        return document(name, request -> {});
    }

    /** Empty when there is no such document, or it has no such version. */
    public Optional<Document> document(String name, String version) {
        return document(name, request -> request.documentVersion(version));
    }

    private Optional<Document> document(
            String name, Consumer<DescribeDocumentRequest.Builder> which) {
        try {
            var described =
                    ssm.describeDocument(request -> request.name(name).applyMutation(which))
                            .document();
            var content =
                    ssm.getDocument(request ->
                            request.name(name)
                                    .documentVersion(described.documentVersion())
                                    .documentFormat(DocumentFormat.JSON));
            return Optional.of(
                    new Document(described.documentVersion(), described.hash(), content.content()));
        } catch (InvalidDocumentException | InvalidDocumentVersionException e) {
            return Optional.empty();
        }
    }

    /**
     * Id of the command with a comment, among those of a document since a moment.
     *
     * @param instanceId that it was sent to; null for any
     */
    public Optional<String> command(
            @Nullable String instanceId, String document, String comment, Instant since) {
        List<CommandFilter> filters = new ArrayList<>();
        filters.add(filter(CommandFilterKey.DOCUMENT_NAME, document));
        filters.add(
                filter(
                        CommandFilterKey.INVOKED_AFTER,
                        since.truncatedTo(ChronoUnit.SECONDS).toString()));
        return ssm
                .listCommandsPaginator(request -> request.instanceId(instanceId).filters(filters))
                .commands()
                .stream()
                .filter(command -> comment.equals(command.comment()))
                .map(Command::commandId)
                .findFirst();
    }

    /** Empty right after SendCommand: that is normal. */
    public Optional<GetCommandInvocationResponse> invocation(String commandId, String instanceId) {
        try {
            return Optional.of(
                    ssm.getCommandInvocation(
                            request -> request.commandId(commandId).instanceId(instanceId)));
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
