package dev.yagura.response.securityhub;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import dev.yagura.proto.response.v1.ImportedFinding;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;
import software.amazon.awssdk.services.securityhub.model.FindingProviderFields;
import software.amazon.awssdk.services.securityhub.model.Resource;

/**
 * A finding as Security Hub takes and shows it. Severity and types are written as those of the
 * provider, so that what people make of them in Security Hub stays.
 */
final class FindingForm {
    static final String IMPORT = "securityhub:BatchImportFindings";

    private static final String SCHEMA = "2018-10-08";
    private static final String PRODUCT = "Yagura";
    private static final int ACCOUNT_PART = 4;

    private FindingForm() {}

    static AwsSecurityFinding write(ImportedFinding finding, Instant updated) {
        return AwsSecurityFinding.builder()
                .schemaVersion(SCHEMA)
                .id(finding.getId())
                .productArn(finding.getProductArn())
                .companyName(PRODUCT)
                .productName(PRODUCT)
                .awsAccountId(account(finding))
                .generatorId(finding.getGeneratorId())
                .findingProviderFields(fields ->
                        fields.severity(each -> each.label(finding.getSeverityLabel()))
                                .types(finding.getTypesList()))
                .title(finding.getTitle())
                .description(finding.getDescription())
                .resources(resource ->
                        resource.type(finding.getResourceType()).id(finding.getResourceId()))
                .productFields(finding.getProductFieldsMap())
                .createdAt(text(finding.getCreateTime()))
                .updatedAt(updated.toString())
                .firstObservedAt(text(finding.getFirstObservedTime()))
                .lastObservedAt(text(finding.getLastObservedTime()))
                .recordState(finding.getRecordState())
                .build();
    }

    private static String account(ImportedFinding finding) {
        return finding.getProductArn().split(":", -1)[ACCOUNT_PART];
    }

    private static String text(Timestamp time) {
        return SavedTime.read(time).toString();
    }

    /** What is ours of it; AWS and those who work on it add more. */
    static ImportedFinding read(AwsSecurityFinding found) {
        ImportedFinding.Builder finding =
                ImportedFinding.newBuilder()
                        .setId(text(found.id()))
                        .setProductArn(text(found.productArn()))
                        .setGeneratorId(text(found.generatorId()))
                        .setTitle(text(found.title()))
                        .setDescription(text(found.description()))
                        .setCreateTime(SavedTime.of(time(found.createdAt())))
                        .setFirstObservedTime(SavedTime.of(time(found.firstObservedAt())))
                        .setLastObservedTime(SavedTime.of(time(found.lastObservedAt())))
                        .setRecordState(text(found.recordStateAsString()));
        FindingProviderFields fields = found.findingProviderFields();
        if (fields != null) {
            finding.addAllTypes(fields.types());
            if (fields.severity() != null) {
                finding.setSeverityLabel(text(fields.severity().labelAsString()));
            }
        }
        for (Resource resource : found.resources()) {
            finding.setResourceType(text(resource.type())).setResourceId(text(resource.id()));
        }
        found.productFields()
                .forEach((key, value) -> {
                    if (key.startsWith(IncidentFinding.FIELD)) {
                        finding.putProductFields(key, value);
                    }
                });
        return finding.build();
    }

    static Instant updated(AwsSecurityFinding found) {
        return time(found.updatedAt());
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Instant time(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            // Somebody else's: it differs from ours, which is all that is asked.
            return Instant.EPOCH;
        }
    }

    /** Names of the fields in which two differ. */
    static String differences(ImportedFinding one, ImportedFinding other) {
        return ImportedFinding.getDescriptor().getFields().stream()
                .filter(field ->
                        field.isMapField()
                                ? !one.getProductFieldsMap().equals(other.getProductFieldsMap())
                                : !one.getField(field).equals(other.getField(field)))
                .map(FieldDescriptor::getName)
                .collect(Collectors.joining(", "));
    }

    /** For the plan: all of it. */
    static PlannedCall planned(ImportedFinding finding) {
        return PlannedCall.newBuilder()
                .setOperation(IMPORT)
                .putParameters("Id", finding.getId())
                .putParameters("ProductArn", finding.getProductArn())
                .putParameters("AwsAccountId", account(finding))
                .putParameters("GeneratorId", finding.getGeneratorId())
                .putParameters("Types", String.join(", ", finding.getTypesList()))
                .putParameters("Severity.Label", finding.getSeverityLabel())
                .putParameters("Title", finding.getTitle())
                .putParameters("Description", finding.getDescription())
                .putParameters("Resources.Type", finding.getResourceType())
                .putParameters("Resources.Id", finding.getResourceId())
                .putParameters("ProductFields", fields(finding.getProductFieldsMap()))
                .putParameters("FirstObservedAt", text(finding.getFirstObservedTime()))
                .putParameters("LastObservedAt", text(finding.getLastObservedTime()))
                .putParameters("RecordState", finding.getRecordState())
                .build();
    }

    private static String fields(Map<String, String> fields) {
        return new TreeMap<>(fields).toString();
    }

    /** For the plan: with what is there then. */
    static PlannedCall undo(ImportedFinding finding) {
        return PlannedCall.newBuilder()
                .setOperation(IMPORT)
                .putParameters("Id", finding.getId())
                .putParameters("RecordState", IncidentFinding.ARCHIVED)
                .build();
    }

    /** For the record of calls: without the content, which the state has. */
    static PlannedCall call(ImportedFinding finding, Instant updated) {
        return PlannedCall.newBuilder()
                .setOperation(IMPORT)
                .putParameters("Id", finding.getId())
                .putParameters("RecordState", finding.getRecordState())
                .putParameters("UpdatedAt", updated.toString())
                .build();
    }
}
