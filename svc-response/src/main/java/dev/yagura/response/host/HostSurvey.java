package dev.yagura.response.host;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SsmReader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An instance, and how far Systems Manager can give it commands, as read just now.
 *
 * @param node empty when Systems Manager does not manage it
 * @param documents those of the wanted ones that the account has
 */
record HostSurvey(
        LiveInstance instance,
        Optional<SsmReader.Node> node,
        List<HostDocument> wanted,
        Map<HostDocument, SsmReader.Document> documents) {

    /**
     * Reads everything.
     *
     * @throws NotFoundException no such instance
     */
    static HostSurvey take(HostReader reader, ActionTarget target, List<HostDocument> wanted) {
        String id = target.getInstanceId();
        Map<HostDocument, SsmReader.Document> documents = new EnumMap<>(HostDocument.class);
        wanted.forEach(document ->
                reader.document(document.title())
                        .ifPresent(installed -> documents.put(document, installed)));
        return new HostSurvey(
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id)),
                reader.node(id),
                wanted,
                documents);
    }

    /** A document that the checks have found. */
    SsmReader.Document installed(HostDocument document) {
        return Objects.requireNonNull(documents.get(document));
    }

    /** Whether the account has all of them. */
    boolean hasAll() {
        return documents.keySet().containsAll(wanted);
    }
}
