package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.posture.MisconfigurationCheck.Bad;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Who may use a bucket, by its own Block Public Access, policy and access control list. What the
 * account blocks as a whole is not looked at: a bucket that needs it is one setting away from being
 * public.
 */
final class BucketAccess {
    private static final Pattern EVERYBODY = Pattern.compile("AllUsers|AuthenticatedUsers");
    private static final String BLOCK =
            "aws s3api put-public-access-block with all four settings on, after moving what the"
                    + " public must read behind CloudFront";

    private BucketAccess() {}

    static Optional<Bad> judge(RecordedAsset bucket) {
        JsonNode more =
                Configurations.part(Configurations.of(bucket), "supplementaryConfiguration");
        JsonNode block = Configurations.part(more, "PublicAccessBlockConfiguration");
        if (!block.path("restrictPublicBuckets").asBoolean()) {
            JsonNode policy =
                    Configurations.part(Configurations.part(more, "BucketPolicy"), "policyText");
            if (elements(policy.path("Statement")).anyMatch(BucketAccess::isPublic)) {
                return Optional.of(new Bad("its policy allows everybody", BLOCK));
            }
        }
        boolean granted = EVERYBODY.matcher(more.path("AccessControlList").toString()).find();
        return granted && !block.path("ignorePublicAcls").asBoolean()
                ? Optional.of(new Bad("its access control list grants everybody", BLOCK))
                : Optional.empty();
    }

    /** A condition may narrow it: only without one is it certain. */
    private static boolean isPublic(JsonNode statement) {
        return statement.path("Effect").asText().equals("Allow")
                && statement.path("Condition").isEmpty()
                && (isEverybody(statement.path("Principal"))
                        || isEverybody(statement.path("Principal").path("AWS")));
    }

    private static boolean isEverybody(JsonNode principal) {
        return elements(principal).anyMatch(each -> each.asText().equals("*"));
    }

    /** IAM writes a list of one without the list. */
    private static Stream<JsonNode> elements(JsonNode node) {
        return node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node);
    }
}
