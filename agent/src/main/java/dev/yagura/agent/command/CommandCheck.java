package dev.yagura.agent.command;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.common.tls.SignedBytes;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.SignedCommand;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Whether a command is svc-response's, for this agent, and one that it can run. */
final class CommandCheck {
    private static final String PURPOSE = "yagura agent command v1";
    private static final String SIGNER = "response";

    /** It names files: nothing else may be in it. */
    private static final Pattern RUN_ID = Pattern.compile("[0-9a-f-]{36}[.](apply|undo[0-9]{1,4})");

    private final AgentIdentity identity;
    private final List<X509Certificate> authorities;
    private final Map<String, HostDocument> documents;
    private final Clock clock;

    CommandCheck(
            AgentIdentity identity,
            List<X509Certificate> authorities,
            Map<String, HostDocument> documents,
            Clock clock) {
        this.identity = identity;
        this.authorities = List.copyOf(authorities);
        this.documents = Map.copyOf(documents);
        this.clock = clock;
    }

    /**
     * The command, which svc-response has signed for this agent and host.
     *
     * @throws RefusedCommandException it has not
     */
    AgentCommand authentic(SignedCommand signed) throws RefusedCommandException {
        try {
            new SignedBytes(
                            signed.getCommand(),
                            signed.getSignature(),
                            signed.getCertificateChainList())
                    .verify(PURPOSE, SIGNER, authorities, clock.instant());
        } catch (SignatureException e) {
            throw new RefusedCommandException("not signed by svc-response: " + e.getMessage(), e);
        }
        AgentCommand command = parsed(signed);
        if (!RUN_ID.matcher(command.getRunId()).matches()) {
            throw new RefusedCommandException("its run id is malformed");
        }
        require("agent", identity.agentId(), command.getAgentId());
        require("account", identity.account(), command.getScope().getAccountId());
        require("region", identity.region(), command.getScope().getRegion());
        require("instance", identity.instanceId(), command.getInstanceId());
        return command;
    }

    private static void require(String what, String own, String asked)
            throws RefusedCommandException {
        if (!own.equals(asked)) {
            throw new RefusedCommandException(
                    "it is for the %s %s, not for %s"
                            .formatted(what, asked, own.isEmpty() ? "a host without one" : own));
        }
    }

    private static AgentCommand parsed(SignedCommand signed) throws RefusedCommandException {
        try {
            return AgentCommand.parseFrom(signed.getCommand());
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedCommandException("it cannot be read", e);
        }
    }

    /** Run id for the answer to a command that is refused; nothing is done by it. */
    static String claimedRunId(SignedCommand signed) {
        try {
            String runId = parsed(signed).getRunId();
            return RUN_ID.matcher(runId).matches() ? runId : "";
        } catch (RefusedCommandException e) {
            return "";
        }
    }

    /**
     * The script to be run now.
     *
     * @throws RefusedCommandException too late, or no such document, or parameters that it has not
     */
    String script(AgentCommand command) throws RefusedCommandException {
        Instant expires = Instant.ofEpochSecond(command.getExpireTime().getSeconds());
        if (clock.instant().isAfter(expires)) {
            throw new RefusedCommandException(
                    "it expired at %s; this host's clock says %s"
                            .formatted(expires, clock.instant()));
        }
        return rendered(command);
    }

    /**
     * The same for one that was taken in time.
     *
     * @throws RefusedCommandException another version of the agent had taken it
     */
    String rendered(AgentCommand command) throws RefusedCommandException {
        Map<String, String> values = new HashMap<>(command.getParametersMap());
        values.put("RunId", command.getRunId());
        values.put("InstanceId", command.getInstanceId());
        values.put("ExpireTime", String.valueOf(command.getExpireTime().getSeconds()));
        return document(command).rendered(values);
    }

    HostDocument document(AgentCommand command) throws RefusedCommandException {
        HostDocument document = documents.get(command.getDocument());
        if (document == null) {
            throw new RefusedCommandException("this agent carries no " + command.getDocument());
        }
        if (!document.sha256().equals(command.getDocumentSha256())) {
            throw new RefusedCommandException(
                    "this agent carries another %s: SHA-256 %s, not %s"
                            .formatted(
                                    document.name(),
                                    document.sha256(),
                                    command.getDocumentSha256()));
        }
        return document;
    }
}
