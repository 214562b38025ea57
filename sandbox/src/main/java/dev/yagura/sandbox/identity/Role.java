package dev.yagura.sandbox.identity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An IAM role.
 *
 * @param trustedArns principals that may assume it
 * @param trustedService service that may assume it, for example {@code ec2.amazonaws.com}
 * @param path "/", or "/aws-service-role/…/" for one that only AWS changes
 * @param attachedPolicies ARNs of its managed policies; {@code policy} is what they allow
 * @param externalId what AssumeRole must give; null if nothing
 */
public record Role(
        String name,
        String id,
        String arn,
        String path,
        List<String> attachedPolicies,
        List<String> trustedArns,
        @Nullable String trustedService,
        @Nullable String externalId,
        Duration longestSession,
        Policy policy,
        Map<String, String> tags,
        Instant createdAt) {
    public Role {
        attachedPolicies = List.copyOf(attachedPolicies);
        trustedArns = List.copyOf(trustedArns);
        tags = Map.copyOf(tags);
    }

    /** Who may assume it, as a policy document. */
    public String trustPolicy() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
        ObjectNode statement =
                document.putArray("Statement")
                        .addObject()
                        .put("Effect", "Allow")
                        .put("Action", "sts:AssumeRole");
        ObjectNode principal = statement.putObject("Principal");
        if (trustedService != null) {
            principal.put("Service", trustedService);
        }
        if (!trustedArns.isEmpty()) {
            trustedArns.forEach(principal.putArray("AWS")::add);
        }
        if (externalId != null) {
            statement
                    .putObject("Condition")
                    .putObject("StringEquals")
                    .put("sts:ExternalId", externalId);
        }
        return document.toString();
    }

    String accountId() {
        return arn.split(":", -1)[4];
    }
}
