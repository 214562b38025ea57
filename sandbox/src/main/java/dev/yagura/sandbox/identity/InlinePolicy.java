package dev.yagura.sandbox.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.JsonText;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A policy document inside a user or role. It knows statements on every resource, {@code
 * DateLessThan} of {@code aws:TokenIssueTime}, {@code ArnEquals} of {@code ec2:SourceInstanceARN}
 * and {@code StringEquals} of {@code aws:userid}; whatever else is refused, so that no condition is
 * silently ignored.
 *
 * @param document as it was put
 */
public record InlinePolicy(String document, List<Clause> clauses) {
    private static final String VERSION = "2012-10-17";

    public InlinePolicy {
        clauses = List.copyOf(clauses);
    }

    /** One statement and when it applies; all its conditions must hold. */
    record Clause(Policy.Statement statement, Predicate<@Nullable RoleSession> applies) {}

    /**
     * Reads a document.
     *
     * @throws ApiFault MalformedPolicyDocument
     */
    static InlinePolicy parse(String document) {
        JsonNode root;
        try {
            root = JsonText.mapper().readTree(document);
        } catch (JsonProcessingException e) {
            throw malformed("Syntax errors in policy.");
        }
        if (!root.path("Version").asText().equals(VERSION)) {
            throw malformed("The policy must have the Version " + VERSION + ".");
        }
        List<Clause> clauses = new ArrayList<>();
        items(root.path("Statement")).forEach(statement -> clauses.add(clause(statement)));
        if (clauses.isEmpty()) {
            throw malformed("Policy statement must contain actions.");
        }
        return new InlinePolicy(document, clauses);
    }

    /** The statements that apply to a session; to a user with its own key where it is null. */
    List<Policy.Statement> of(@Nullable RoleSession session) {
        return clauses.stream()
                .filter(clause -> clause.applies().test(session))
                .map(Clause::statement)
                .toList();
    }

    private static Clause clause(JsonNode statement) {
        boolean allow =
                switch (statement.path("Effect").asText()) {
                    case "Allow" -> true;
                    case "Deny" -> false;
                    default -> throw malformed("Effect must be Allow or Deny.");
                };
        if (!statement.path("Resource").asText().equals("*")) {
            throw malformed("The sandbox knows statements on the resource * only.");
        }
        List<String> actions = items(statement.path("Action")).map(JsonNode::asText).toList();
        if (actions.isEmpty()) {
            throw malformed("Policy statement must contain actions.");
        }
        Predicate<@Nullable RoleSession> applies = session -> true;
        for (var operator : statement.path("Condition").properties()) {
            for (var key : operator.getValue().properties()) {
                applies =
                        applies.and(
                                condition(
                                        operator.getKey(),
                                        key.getKey(),
                                        items(key.getValue()).map(JsonNode::asText).toList()));
            }
        }
        return new Clause(new Policy.Statement(allow, actions), applies);
    }

    private static Predicate<@Nullable RoleSession> condition(
            String operator, String key, List<String> values) {
        return switch (operator + " " + key) {
            case "DateLessThan aws:TokenIssueTime" -> {
                List<Instant> limits = values.stream().map(InlinePolicy::time).toList();
                yield session ->
                        session != null && limits.stream().anyMatch(session.issuedAt()::isBefore);
            }
            case "ArnEquals ec2:SourceInstanceARN" ->
                    session -> session != null && values.contains(session.sourceInstanceArn());
            case "StringEquals aws:userid" ->
                    session -> session != null && values.contains(session.userId());
            default -> throw malformed("The sandbox knows no condition " + operator + " on " + key);
        };
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw malformed("Invalid value " + value + " of aws:TokenIssueTime.");
        }
    }

    private static Stream<JsonNode> items(JsonNode node) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false);
        }
        return node.isMissingNode() ? Stream.empty() : Stream.of(node);
    }

    private static ApiFault malformed(String text) {
        return ApiFault.of("MalformedPolicyDocument", "%s", text);
    }
}
