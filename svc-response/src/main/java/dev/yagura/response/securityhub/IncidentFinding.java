package dev.yagura.response.securityhub;

import com.google.protobuf.Timestamp;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentMember;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.response.v1.ImportedFinding;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.proposal.IncidentSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The finding of an incident, within the limits of the AWS Security Finding Format
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html).
 * Without command lines, which may hold secrets.
 */
final class IncidentFinding {
    static final String ACTIVE = "ACTIVE";
    static final String ARCHIVED = "ARCHIVED";

    /** Of the keys of product fields, which AWS adds its own to. */
    static final String FIELD = "yagura/";

    private static final String GENERATOR = "yagura/incident";
    private static final int LONGEST_TITLE = 256;
    private static final int LONGEST_DESCRIPTION = 1024;
    private static final int LONGEST_FIELD = 2048;
    private static final int LONGEST_RESOURCE = 512;
    private static final int MOST_TYPES = 50;
    private static final int MOST_ALERTS_TOLD = 5;

    /** Tactics that Security Hub's taxonomy has under another name than ATT&CK. */
    private static final Map<String, String> OTHER_TYPES =
            Map.of("exfiltration", "Effects/Data Exfiltration");

    private IncidentFinding() {}

    /**
     * As it is imported.
     *
     * @param scope whose Security Hub gets it
     */
    static ImportedFinding of(Incident incident, Scope scope) {
        AssetSnapshot asset = incident.getAsset();
        return ImportedFinding.newBuilder()
                .setId("yagura/" + incident.getName())
                .setProductArn(
                        "arn:%s:securityhub:%s:%s:product/%s/default"
                                .formatted(
                                        scope.getPartition(),
                                        scope.getRegion(),
                                        scope.getAccountId(),
                                        scope.getAccountId()))
                .setGeneratorId(GENERATOR)
                .addAllTypes(types(incident))
                .setSeverityLabel(severity(incident.getSeverity()))
                .setTitle(
                        Texts.clip(
                                incident.getTitle().isBlank()
                                        ? "Incident without a title"
                                        : incident.getTitle(),
                                LONGEST_TITLE))
                .setDescription(Texts.clip(description(incident), LONGEST_DESCRIPTION))
                .setResourceType(asset.getInstanceId().isEmpty() ? "Other" : "AwsEc2Instance")
                .setResourceId(Texts.clip(resource(incident), LONGEST_RESOURCE))
                .putAllProductFields(fields(incident))
                .setCreateTime(milliseconds(incident.getCreateTime()))
                .setFirstObservedTime(milliseconds(incident.getFirstOccurred()))
                .setLastObservedTime(milliseconds(incident.getLastOccurred()))
                .setRecordState(
                        incident.getState() == IncidentState.INCIDENT_STATE_CLOSED
                                ? ARCHIVED
                                : ACTIVE)
                .build();
    }

    private static List<String> types(Incident incident) {
        List<String> types =
                incident.getTacticsList().stream()
                        .map(TacticEvidence::getTactic)
                        .filter(tactic -> !tactic.isBlank())
                        .map(tactic -> OTHER_TYPES.getOrDefault(tactic, "TTPs/" + inWords(tactic)))
                        .distinct()
                        .limit(MOST_TYPES)
                        .toList();
        return types.isEmpty() ? List.of("TTPs") : types;
    }

    /** "command-and-control" as "Command and Control". */
    private static String inWords(String tactic) {
        return Arrays.stream(tactic.split("-", -1))
                .map(word ->
                        word.equals("and") || word.isEmpty()
                                ? word
                                : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static String severity(Severity severity) {
        return switch (severity) {
            case SEVERITY_LOW -> "LOW";
            case SEVERITY_MEDIUM -> "MEDIUM";
            case SEVERITY_HIGH -> "HIGH";
            case SEVERITY_CRITICAL -> "CRITICAL";
            case SEVERITY_UNSPECIFIED, SEVERITY_INFORMATIONAL, UNRECOGNIZED -> "INFORMATIONAL";
        };
    }

    private static String description(Incident incident) {
        AssetSnapshot asset = incident.getAsset();
        String alerts =
                incident.getMembersList().stream()
                        .map(IncidentMember::getTitle)
                        .distinct()
                        .limit(MOST_ALERTS_TOLD)
                        .collect(Collectors.joining("; "));
        return "Yagura has %s on host %s: %d alerts, confidence %d and priority %d of 100.%s"
                .formatted(
                        incident.getName(),
                        asset.getHostname().isEmpty() ? asset.getHostId() : asset.getHostname(),
                        incident.getMembersCount(),
                        incident.getConfidence(),
                        incident.getPriority(),
                        alerts.isEmpty() ? "" : " Alerts: " + alerts + ".");
    }

    private static String resource(Incident incident) {
        AssetSnapshot asset = incident.getAsset();
        Scope scope = IncidentSource.scope(incident);
        if (!asset.getInstanceId().isEmpty()) {
            return "arn:%s:ec2:%s:%s:instance/%s"
                    .formatted(
                            scope.getPartition(),
                            scope.getRegion(),
                            scope.getAccountId(),
                            asset.getInstanceId());
        }
        return asset.getHostId().isEmpty() ? incident.getName() : asset.getHostId();
    }

    private static Map<String, String> fields(Incident incident) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("incident", incident.getName());
        fields.put("confidence", Integer.toUnsignedString(incident.getConfidence()));
        fields.put("priority", Integer.toUnsignedString(incident.getPriority()));
        fields.put("alerts", Integer.toString(incident.getMembersCount()));
        fields.put("host", incident.getAsset().getHostname());
        fields.put(
                "techniques",
                incident.getTacticsList().stream()
                        .map(TacticEvidence::getTechniquesList)
                        .flatMap(Collection::stream)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(",")));
        return fields.entrySet().stream()
                .filter(field -> !field.getValue().isBlank())
                .collect(
                        Collectors.toMap(
                                field -> FIELD + field.getKey(),
                                field -> Texts.clip(field.getValue(), LONGEST_FIELD)));
    }

    /** Security Hub keeps no more of a moment. */
    private static Timestamp milliseconds(Timestamp time) {
        return SavedTime.of(SavedTime.read(time).truncatedTo(ChronoUnit.MILLIS));
    }
}
