package dev.yagura.response.radius;

import dev.yagura.common.graph.Neighbourhood;
import dev.yagura.common.graph.Neighbourhood.Place;
import dev.yagura.proto.response.v1.AffectedAsset;
import dev.yagura.proto.response.v1.AffectedGroup;
import dev.yagura.proto.response.v1.AffectedRelation;
import dev.yagura.proto.response.v1.BlastRadiusOrBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A blast radius in one sentence, for plans and for those who approve. */
final class RadiusText {
    private static final int NAMED = 3;
    private static final int MAX_LABEL = 80;
    private static final String UNKNOWN = "not known";
    private static final Map<String, String> WORDS =
            Map.of(
                    Question.INSTANCE, "instance",
                    Question.FUNCTION, "function",
                    Question.TASK, "task",
                    Question.SCALING_GROUP, "Auto Scaling group",
                    Question.TARGET_GROUP, "target group");

    private RadiusText() {}

    /** "app-1: criticality high, owner shop, environment production; role …". */
    static String summary(Question question, Neighbourhood around, BlastRadiusOrBuilder radius) {
        List<String> parts = new ArrayList<>();
        AffectedAsset target = radius.getTarget();
        if (!question.resourceType().equals(Question.ROLE)) {
            parts.add(
                    "%s: criticality %s, owner %s, environment %s"
                            .formatted(
                                    label(target.getLabel()),
                                    orUnknown(target.getCriticality()),
                                    orUnknown(target.getOwner()),
                                    orUnknown(target.getEnvironment())));
        }
        if (question.role()) {
            parts.add(sharing(question, around, radius));
        }
        if (question.traffic()) {
            parts.add(traffic(radius, AffectedRelation.AFFECTED_RELATION_SCALES, "scaled by"));
            parts.add(
                    traffic(
                            radius,
                            AffectedRelation.AFFECTED_RELATION_SENDS_REQUESTS,
                            "gets requests from"));
        }
        return String.join("; ", parts);
    }

    private static String sharing(
            Question question, Neighbourhood around, BlastRadiusOrBuilder radius) {
        List<Place> credentials = around.credentials();
        if (credentials.isEmpty()) {
            return "no role of it is known";
        }
        // Without the role in the inventory, the instance profile stands for it.
        String role = label(credentials.getFirst().label());
        String others = groups(radius, AffectedRelation.AFFECTED_RELATION_SHARES_ROLE);
        boolean isRole = question.resourceType().equals(Question.ROLE);
        if (others.isEmpty()) {
            return "%s is known to be that of no %sinstance, function or task"
                    .formatted(role, isRole ? "" : "other ");
        }
        return role + (isRole ? " is that of " : " is also that of ") + others;
    }

    private static String traffic(
            BlastRadiusOrBuilder radius, AffectedRelation relation, String verb) {
        String groups = groups(radius, relation);
        return verb + " " + (groups.isEmpty() ? "nothing that is known" : groups);
    }

    /** "2 instances (web-1, web-2), 1 function (mail)". */
    private static String groups(BlastRadiusOrBuilder radius, AffectedRelation relation) {
        return radius.getGroupsList().stream()
                .filter(group -> group.getRelation() == relation)
                .map(RadiusText::group)
                .collect(Collectors.joining(", "));
    }

    private static String group(AffectedGroup group) {
        List<String> named =
                group.getAssetsList().stream()
                        .limit(NAMED)
                        .map(asset -> label(asset.getLabel()) + critical(asset))
                        .toList();
        return "%d %s%s (%s%s)"
                .formatted(
                        group.getCount(),
                        WORDS.getOrDefault(group.getResourceType(), group.getResourceType()),
                        group.getCount() == 1 ? "" : "s",
                        String.join(", ", named),
                        group.getCount() > named.size() ? ", …" : "");
    }

    private static String critical(AffectedAsset asset) {
        return asset.getCriticality().isEmpty()
                ? ""
                : " of criticality " + label(asset.getCriticality());
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? UNKNOWN : label(text);
    }

    private static String label(String text) {
        return text.length() <= MAX_LABEL ? text : text.substring(0, MAX_LABEL) + "…";
    }
}
