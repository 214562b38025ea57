package dev.yagura.response.outbound;

import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sns.model.NotFoundException;

/** What would be published where, and what must hold before. */
final class PublishPlan {
    private PublishPlan() {}

    /** Reads AWS, and changes nothing. */
    static Plan of(
            PublishCloud cloud, OutboundConfig config, Publication publication, Instant now) {
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(checks(cloud, config, publication))
                .addCalls(
                        publication.call().toBuilder()
                                .setAfter("published, to whoever subscribed")
                                .setDryRun("not supported: SNS and EventBridge have no DryRun"))
                .addAllResidualRisks(risks(publication))
                .build();
    }

    private static List<PreflightCheck> checks(
            PublishCloud cloud, OutboundConfig config, Publication publication) {
        List<PreflightCheck> checks = new ArrayList<>();
        boolean topic = publication.isTopic();
        PreflightCheck allowed =
                AllowList.allowed(
                        publication.arn(),
                        topic ? config.topics() : config.buses(),
                        topic ? OutboundConfig.TOPICS : OutboundConfig.BUSES);
        checks.add(allowed);
        // What is not allowed is not asked for either.
        if (!Checks.isAnyRefused(checks)) {
            checks.add(AllowList.exists(exists(cloud, publication), publication.arn()));
        }
        return checks;
    }

    private static boolean exists(PublishCloud cloud, Publication publication) {
        try {
            if (publication.isTopic()) {
                cloud.topics().getTopicAttributes(r -> r.topicArn(publication.arn()));
            } else {
                cloud.buses().describeEventBus(r -> r.name(publication.arn()));
            }
            return true;
        } catch (NotFoundException | ResourceNotFoundException e) {
            return false;
        }
    }

    private static List<String> risks(Publication publication) {
        return List.of(
                "everybody who subscribed gets it, and nobody can take it back",
                publication.isDeduplicated()
                        ? "SNS drops a second copy for five minutes; an attempt after that may be"
                                + " another message with the same deduplication id"
                        : "an answer that is lost makes a second copy: whoever gets it tells by the"
                                + " action that is in it",
                "that AWS took it says nothing of whether anybody got it");
    }
}
