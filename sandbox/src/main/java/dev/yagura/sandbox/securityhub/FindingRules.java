package dev.yagura.sandbox.securityhub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the AWS Security Finding Format asks of a finding. */
final class FindingRules {
    private static final String SCHEMA = "2018-10-08";
    private static final int MOST_BYTES = 240 * 1024;
    private static final int LONGEST_ID = 512;
    private static final int LONGEST_TITLE = 256;
    private static final int LONGEST_DESCRIPTION = 1024;
    private static final int LONGEST_FIELD = 2048;
    private static final int MOST_RESOURCES = 32;
    private static final int MOST_FIELDS = 50;
    private static final int MOST_TYPES = 50;
    private static final Pattern TYPE =
            Pattern.compile(
                    "(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive"
                            + " Data Identifications)(/[^/]+){0,2}");
    private static final Set<String> LABELS =
            Set.of("INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL");
    private static final Set<String> STATES = Set.of("ACTIVE", "ARCHIVED");

    private FindingRules() {}

    /** What is wrong with it; empty for nothing. */
    static Optional<String> problem(JsonNode finding, SecurityHub hub) {
        JsonNode provider = finding.path("FindingProviderFields");
        return Stream.<Supplier<Optional<String>>>of(
                        () -> size(finding),
                        () -> equal(finding, "SchemaVersion", SCHEMA),
                        () -> equal(finding, "ProductArn", hub.productArn()),
                        () -> equal(finding, "AwsAccountId", hub.account().id()),
                        () -> text(finding, "Id", LONGEST_ID),
                        () -> text(finding, "GeneratorId", LONGEST_ID),
                        () -> text(finding, "Title", LONGEST_TITLE),
                        () -> text(finding, "Description", LONGEST_DESCRIPTION),
                        () -> time(finding, "CreatedAt", true),
                        () -> time(finding, "UpdatedAt", true),
                        () -> time(finding, "FirstObservedAt", false),
                        () -> time(finding, "LastObservedAt", false),
                        () -> one(provider.path("Severity"), "Label", LABELS),
                        () -> one(finding, "RecordState", STATES),
                        () -> types(provider.path("Types")),
                        () -> fields(finding.path("ProductFields")),
                        () -> resources(finding.path("Resources")))
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> size(JsonNode finding) {
        return when(
                finding.toString().getBytes(UTF_8).length > MOST_BYTES,
                "the finding is larger than 240 KB");
    }

    private static Optional<String> equal(JsonNode finding, String name, String wanted) {
        return when(!finding.path(name).asText().equals(wanted), name + " must be " + wanted);
    }

    private static Optional<String> text(JsonNode node, String name, int longest) {
        String text = node.path(name).asText();
        return when(
                text.isBlank() || text.length() > longest,
                name + " must have 1 to " + longest + " characters");
    }

    private static Optional<String> time(JsonNode finding, String name, boolean required) {
        if (!required && !finding.has(name)) {
            return Optional.empty();
        }
        try {
            Instant time = Instant.parse(finding.path(name).asText());
            return when(time.getNano() % 1_000_000 != 0, name + " is finer than milliseconds");
        } catch (DateTimeParseException e) {
            return Optional.of(name + " must be a timestamp of RFC 3339");
        }
    }

    private static Optional<String> one(JsonNode node, String name, Set<String> allowed) {
        return when(!allowed.contains(node.path(name).asText()), name + " must be of " + allowed);
    }

    private static Optional<String> types(JsonNode types) {
        boolean known = types.valueStream().allMatch(each -> TYPE.matcher(each.asText()).matches());
        return when(
                !known || types.size() > MOST_TYPES,
                "Types must be namespace/category/classifier, at most " + MOST_TYPES);
    }

    private static Optional<String> fields(JsonNode fields) {
        boolean fits =
                fields.valueStream()
                        .map(JsonNode::asText)
                        .allMatch(each -> !each.isEmpty() && each.length() <= LONGEST_FIELD);
        return when(!fits || fields.size() > MOST_FIELDS, "ProductFields are too many or too long");
    }

    private static Optional<String> resources(JsonNode resources) {
        List<JsonNode> all = resources.valueStream().toList();
        if (all.isEmpty() || all.size() > MOST_RESOURCES) {
            return Optional.of("Resources must be 1 to " + MOST_RESOURCES);
        }
        return all.stream()
                .flatMap(each ->
                        Stream.of(text(each, "Type", LONGEST_ID), text(each, "Id", LONGEST_ID)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> when(boolean wrong, String problem) {
        return wrong ? Optional.of(problem) : Optional.empty();
    }
}
