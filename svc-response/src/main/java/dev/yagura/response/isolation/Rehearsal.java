package dev.yagura.response.isolation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.aws.Together;
import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsResponse;

/**
 * Isolates an instance that does not exist, a few times after each start, so that the code of an
 * isolation is loaded and compiled when the first host must be isolated. The SDK's clients are the
 * real ones; {@link RehearsedAws} answers them.
 */
@ApplicationScoped
class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /** After the server listens. */
    private static final int AFTER_SERVERS = 20_000;

    private static final ActionTarget TARGET =
            ActionTarget.newBuilder()
                    .setScope(
                            Scope.newBuilder()
                                    .setPartition("aws")
                                    .setAccountId("000000000000")
                                    .setRegion("us-east-1"))
                    .setInstanceId("i-00000000000000001")
                    .build();

    private final ScopedClients<Cloud> clients;
    private final IsolationConfig config;
    private final Clock clock;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("rehearsal").factory());

    @Inject
    Rehearsal(Settings settings, Clock clock) {
        this(AwsConfig.from(settings), IsolationConfig.from(settings), clock);
    }

    Rehearsal(AwsConfig aws, IsolationConfig config, Clock clock) {
        AwsClients rehearsed =
                new AwsClients(
                        new AwsConfig(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                aws.callTimeout(),
                                aws.attemptTimeout(),
                                aws.throttlePause()),
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("rehearsal", "rehearsal")),
                        new RehearsedAws());
        this.clients = new ScopedClients<>(scope -> Cloud.open(rehearsed, scope));
        this.config = config;
        this.clock = clock;
    }

    void start(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        thread.submit(this::rehearse);
        thread.shutdown();
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        thread.shutdownNow();
        clients.close();
    }

    private void rehearse() {
        long begun = System.nanoTime();
        try {
            int rounds = 0;
            while (rounds < config.rehearsals() && !Thread.currentThread().isInterrupted()) {
                isolate();
                rounds++;
            }
            LOG.atInfo()
                    .addKeyValue(LogKeys.COUNT, rounds)
                    .log(
                            "isolations rehearsed in "
                                    + Duration.ofNanos(System.nanoTime() - begun).toMillis()
                                    + " ms");
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("isolations could not be rehearsed; the first one will be slower");
        }
    }

    /** Plans, makes every change, and reads back; answers with the plan. */
    Plan isolate() {
        Cloud cloud = clients.of(TARGET.getScope());
        Survey survey = Survey.take(cloud, TARGET, List.of(), config);
        Plan plan = IsolationPlan.of(cloud, survey, TARGET, config, clock.instant());
        Withdrawal withdrawal = new Withdrawal(survey.instance(), survey.surroundings());
        Together.all(
                Stream.of(
                                survey.interfaces().stream()
                                        .map(eni -> Change.setGroups(eni.id(), eni.groupIds())),
                                withdrawal.leaveScaling().stream(),
                                withdrawal.protect().stream(),
                                withdrawal.deregister().stream())
                        .flatMap(changes -> changes)
                        .<Supplier<AwsResponse>>map(change -> () -> change.send(cloud))
                        .toList());
        ReadBack.of(cloud, survey);
        return plan;
    }
}
