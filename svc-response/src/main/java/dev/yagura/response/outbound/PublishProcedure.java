package dev.yagura.response.outbound;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PublishState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/** publish. */
@ApplicationScoped
public class PublishProcedure extends ScopedProcedure<PublishCloud> {
    /** What EventBridge says of an entry that it may take later. */
    private static final Set<String> PASSING =
            Set.of("InternalFailure", "InternalException", "ThrottlingException");

    private final OutboundConfig config;

    @Inject
    public PublishProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_PUBLISH,
                ScopedClients.of(settings, PublishCloud::open),
                clock);
        this.config = OutboundConfig.from(settings);
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    protected Prospect plan(PublishCloud cloud, ActionTarget target, Instant now) {
        return new Prospect(PublishPlan.of(cloud, config, publication(target), now), "");
    }

    @Override
    protected String named(ActionTarget target) {
        return publication(target).arn();
    }

    private static Publication publication(ActionTarget target) {
        return new Publication(target, planned().getName());
    }

    @Override
    public void apply(ActionRun run) {
        Publication publication = new Publication(run.action().getTarget(), run.action().getName());
        running(() -> {
            if (run.action().getPublishState().getMessageId().isEmpty()) {
                publish(run, cloud(run), publication);
            }
        });
        PublishState state = run.action().getPublishState();
        run.verifying("AWS has taken it");
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "%s took it as %s%s"
                        .formatted(
                                publication.isTopic() ? "SNS" : "EventBridge",
                                state.getMessageId(),
                                state.getUnansweredAttempts() == 0
                                        ? ""
                                        : "; it may be there more than once: %d attempts before were"
                                                        .formatted(state.getUnansweredAttempts())
                                                + " not answered"));
    }

    /** That it may have been taken is written before, and taken back only when AWS refused it. */
    private void publish(ActionRun run, PublishCloud cloud, Publication publication) {
        Plan plan = PublishPlan.of(cloud, config, publication, clock().instant());
        Checks.requireNoneRefused(plan.getChecksList());
        PublishState before = run.action().getPublishState();
        PublishState begun =
                before.toBuilder()
                        .setUnansweredAttempts(before.getUnansweredAttempts() + 1)
                        .build();
        run.prepared(plan, action -> action.setPublishState(begun));
        try {
            String id =
                    publication.isTopic()
                            ? toTopic(run, cloud, publication)
                            : toBus(run, cloud, publication);
            save(run, before.toBuilder().setMessageId(id).build());
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || !AwsErrors.isTransient(e)) {
                save(run, before);
            }
            throw e;
        }
    }

    private static void save(ActionRun run, PublishState state) {
        run.saved(action -> action.setPublishState(state));
    }

    private static String toTopic(ActionRun run, PublishCloud cloud, Publication publication) {
        return run.call(
                        publication.call(),
                        () -> cloud.topicSender().publish(publication.message()))
                .messageId();
    }

    /** EventBridge may take the call, and not the event. */
    private static String toBus(ActionRun run, PublishCloud cloud, Publication publication) {
        PutEventsResultEntry entry =
                run.call(publication.call(), () -> cloud.busSender().putEvents(publication.event()))
                        .entries()
                        .getFirst();
        if (entry.errorCode() == null) {
            return entry.eventId();
        }
        String text = "EventBridge: " + entry.errorCode() + ": " + entry.errorMessage();
        PublishState state = run.action().getPublishState();
        save(
                run,
                state.toBuilder().setUnansweredAttempts(state.getUnansweredAttempts() - 1).build());
        if (PASSING.contains(entry.errorCode())) {
            throw new RetryLaterException(text);
        }
        throw new ActionFailedException(text);
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("what was published cannot be taken back");
    }

    @Override
    public boolean mayHaveChanged(Action action) {
        PublishState state = action.getPublishState();
        return state.getUnansweredAttempts() > 0 || !state.getMessageId().isEmpty();
    }

    @Override
    public String remains(ActionRun run) {
        return "an attempt that was not answered may have been published: ask who gets it for "
                + run.action().getName();
    }
}
