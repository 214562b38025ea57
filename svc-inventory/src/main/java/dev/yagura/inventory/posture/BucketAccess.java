package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.account.Fact;
import dev.yagura.inventory.account.PublicAccessBlock;
import dev.yagura.inventory.asset.RecordedAsset;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a bucket, by its own policy and access control list, and by what Block Public Access
 * of the bucket and of its account leave of them: S3 applies the stricter of both.
 */
final class BucketAccess {
    private static final Pattern EVERYBODY = Pattern.compile("AllUsers|AuthenticatedUsers");
    private static final String BLOCK =
            "aws s3api put-public-access-block with all four settings on, after moving what the"
                    + " public must read behind CloudFront";

    private BucketAccess() {}

    /** What its account blocks does not count while it is not known: then it may be public. */
    static CheckResult judge(RecordedAsset bucket, AccountView account) {
        JsonNode more =
                Configurations.part(Configurations.of(bucket), "supplementaryConfiguration");
        if (more.isEmpty()) {
            return MisconfigurationChecks.untold(
                    "its policy, access control list and Block Public Access");
        }
        Fact<PublicAccessBlock> fact = account.facts().publicAccess();
        Optional<String> gap = account.gap(fact);
        @Nullable PublicAccessBlock whole = gap.isPresent() ? null : fact.value();
        JsonNode own = Configurations.part(more, "PublicAccessBlockConfiguration");
        boolean policyCounts =
                !own.path("restrictPublicBuckets").asBoolean()
                        && (whole == null || !whole.restrictPublicBuckets());
        boolean listCounts =
                !own.path("ignorePublicAcls").asBoolean()
                        && (whole == null || !whole.ignorePublicAcls());
        String unless = gap.map(why -> ", unless its account blocks that: " + why).orElse("");
        JsonNode bucketPolicy = Configurations.part(more, "BucketPolicy");
        JsonNode policy = Configurations.part(bucketPolicy, "policyText");
        if (policyCounts && policyIsPublic(policy)) {
            return CheckResult.fail("its policy allows everybody" + unless, BLOCK, null);
        }
        if (listCounts && listIsPublic(more)) {
            return CheckResult.fail(
                    "its access control list grants everybody" + unless, BLOCK, null);
        }
        if (policyCounts && isUnreadable(bucketPolicy.path("policyText"), policy)) {
            return MisconfigurationChecks.untold("its whole policy");
        }
        return listCounts && Configurations.part(more, "AccessControlList").isEmpty()
                ? MisconfigurationChecks.untold("its access control list")
                : CheckResult.pass("", null);
    }

    /**
     * A bucket without a policy has a null for it, or nothing; a text that is no JSON is missing.
     */
    private static boolean isUnreadable(JsonNode told, JsonNode policy) {
        return told.isTextual() && !policy.isObject();
    }

    private static boolean policyIsPublic(JsonNode policy) {
        return elements(policy.path("Statement")).anyMatch(BucketAccess::isPublic);
    }

    private static boolean listIsPublic(JsonNode more) {
        return EVERYBODY.matcher(more.path("AccessControlList").toString()).find();
    }

    /**
     * A condition may narrow it: only without one is it certain. Everybody but some is public too.
     */
    private static boolean isPublic(JsonNode statement) {
        return statement.path("Effect").asText().equals("Allow")
                && statement.path("Condition").isEmpty()
                && (statement.has("NotPrincipal")
                        || isEverybody(statement.path("Principal"))
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
