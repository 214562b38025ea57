package dev.yagura.response.host;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SsmReader;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An instance and the way to it, as read just now. Where its agent is the way, nothing is asked of
 * Systems Manager.
 *
 * @param node empty when Systems Manager does not manage it, or was not asked
 * @param documents those of the wanted ones that the account has
 */
record HostSurvey(
        HostWay way,
        LiveInstance instance,
        Optional<SsmReader.Node> node,
        List<HostDocument> wanted,
        Map<HostDocument, SsmReader.Document> documents) {

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static HostSurvey take(
            HostReader reader, ActionTarget target, List<HostDocument> wanted, HostWay way) {
        String id = target.getInstanceId();
        Map<HostDocument, SsmReader.Document> documents = new EnumMap<>(HostDocument.class);
        boolean bySsm = way instanceof HostWay.BySsm;
        if (bySsm) {
            wanted.forEach(document ->
                    reader.document(document.title())
                            .ifPresent(installed -> documents.put(document, installed)));
        }
        return new HostSurvey(
                way,
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id)),
                bySsm ? reader.node(id) : Optional.empty(),
                wanted,
                documents);
    }

    /** What the way is given for a run of a document. */
    PlannedCall planned(
            HostDocument document, String runId, Map<String, String> parameters, Duration timeout) {
        return switch (way) {
            case HostWay.ByAgent agent ->
                    AgentRun.planned(
                            agent.channel(), document, instance.id(), runId, parameters, timeout);
            case HostWay.BySsm ssm ->
                    HostRun.planned(
                            document,
                            installed(document),
                            instance.id(),
                            runId,
                            parameters,
                            timeout);
        };
    }

    /** How the way is told which document it is. */
    Map<String, String> naming(HostDocument document, String runId) {
        return switch (way) {
            case HostWay.ByAgent agent -> AgentRun.naming(document, runId);
            case HostWay.BySsm ssm -> HostRun.naming(document, installed(document), runId);
        };
    }

    /** A document that the checks have found. */
    SsmReader.Document installed(HostDocument document) {
        return Objects.requireNonNull(documents.get(document));
    }

    /** Whether the way has all of them. */
    boolean hasAll() {
        return way instanceof HostWay.ByAgent || documents.keySet().containsAll(wanted);
    }
}
