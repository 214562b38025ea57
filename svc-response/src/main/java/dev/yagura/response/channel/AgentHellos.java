package dev.yagura.response.channel;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.AssetIds;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.response.v1.AgentHello;
import dev.yagura.proto.response.v1.CarriedDocument;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an agent says of itself, checked against what its certificate was issued for. */
final class AgentHellos {
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final int LONGEST_WORD = 64;
    private static final int MOST_DOCUMENTS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{3,128}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private AgentHellos() {}

    /** Asset id of an instance, which the inventory has given to its agent. */
    static UUID hostId(Scope scope, String instanceId) {
        return AssetIds.of(scope, INSTANCE, instanceId);
    }

    /**
     * The row of the stream.
     *
     * @param agent from the certificate, by the gateway
     * @throws PreconditionFailedException it takes itself for another host
     */
    static ChannelStore.Opened checked(
            ChannelStore.Stream stream, UUID replicaId, AgentIdentity agent, AgentHello hello) {
        UUID hostId = UUID.fromString(agent.getHostId());
        String instanceId = hello.getInstanceId();
        if (!instanceId.isEmpty() && !hostId(agent.getScope(), instanceId).equals(hostId)) {
            throw new PreconditionFailedException(
                    ResourceName.of("agents", stream.agentId()),
                    "it did not enrol as "
                            + Texts.clip(instanceId, LONGEST_WORD)
                            + " in this account and region; enrol it again");
        }
        return new ChannelStore.Opened(
                stream,
                replicaId,
                hostId,
                Texts.clip(hello.getVersion(), LONGEST_WORD),
                Texts.clip(hello.getBootId(), LONGEST_WORD),
                hello.getRoot(),
                documents(hello));
    }

    private static String documents(AgentHello hello) {
        if (hello.getDocumentsCount() > MOST_DOCUMENTS) {
            throw new InvalidFieldException(
                    "hello.documents", "are more than " + MOST_DOCUMENTS, "send fewer");
        }
        return hello.getDocumentsList().stream()
                .map(AgentHellos::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(CarriedDocument document) {
        if (!NAME.matcher(document.getName()).matches()
                || !SHA_256.matcher(document.getSha256()).matches()) {
            throw new InvalidFieldException(
                    "hello.documents",
                    "has one without name or SHA-256",
                    "send the name and 64 hexadecimal digits");
        }
        return document.getName() + " " + document.getSha256();
    }
}
