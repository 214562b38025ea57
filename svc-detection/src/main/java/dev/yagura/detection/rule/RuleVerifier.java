package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.identity.Principal;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.pack.Rule;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Tries rules before they are in force. */
@ApplicationScoped
class RuleVerifier {
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(5);
    private static final Duration MAX_DURATION = Duration.ofSeconds(15);
    private static final long DEFAULT_BYTES = 64L << 20;
    private static final long MAX_BYTES = 1L << 30;
    private static final int AT_ONCE = 2;

    private final RuleCatalog catalog;
    private final RuleTexts texts;
    private final RuleMappings mappings;
    private final KeptEvents keptEvents;
    private final Sightings sightings;
    private final Clock clock;
    private final Semaphore looks = new Semaphore(AT_ONCE);

    @Inject
    RuleVerifier(
            Settings settings,
            RuleCatalog catalog,
            RuleTexts texts,
            RuleMappings mappings,
            KeptEvents keptEvents,
            AssetReadModel assets,
            Clock clock) {
        this(
                catalog,
                texts,
                mappings,
                keptEvents,
                new Sightings(AlertConfig.from(settings), assets, clock),
                clock);
    }

    RuleVerifier(
            RuleCatalog catalog,
            RuleTexts texts,
            RuleMappings mappings,
            KeptEvents keptEvents,
            Sightings sightings,
            Clock clock) {
        this.catalog = catalog;
        this.texts = texts;
        this.mappings = mappings;
        this.keptEvents = keptEvents;
        this.sightings = sightings;
        this.clock = clock;
    }

    /**
     * What is known of a rule that is tried.
     *
     * @param backtest absent when it cannot match anything, is a filter, or nobody asked for it
     */
    record Verdict(BookedRule rule, Optional<Backtest> backtest) {}

    Verdict verify(VerifyRuleRequest request, Principal caller) {
        BookedRule rule = candidate(request);
        KeptEvents.Limits limits = limits(request);
        if (rule.rule().state() != Rule.State.ACTIVE || limits.duration().isZero()) {
            return new Verdict(rule, Optional.empty());
        }
        return new Verdict(rule, looking(rule, caller).map(looking -> backtest(looking, limits)));
    }

    /** Empty for a filter. */
    private Optional<Looking> looking(BookedRule rule, Principal caller) {
        return switch (rule.rule().content()) {
            case Rule.Content.Detection(SigmaRule sigma) ->
                    Optional.of(
                            new Backtesting(
                                    mappings.compile(0, List.of(rule.rule().input(0))),
                                    ExceptionMatcher.fitting(rule.exceptions(), sigma, mappings),
                                    mappings.sources(sigma.logSource()),
                                    sightings,
                                    caller,
                                    clock.instant()));
            case Rule.Content.Correlation correlation ->
                    Optional.of(
                            new CorrelationBacktesting(
                                    rule.rule(),
                                    catalog.book(),
                                    mappings,
                                    caller,
                                    clock.instant()));
            case Rule.Content.Filter filter -> Optional.empty();
            case Rule.Content.None none -> Optional.empty();
        };
    }

    private BookedRule candidate(VerifyRuleRequest request) {
        if (request.getName().isEmpty()) {
            return new BookedRule(
                    texts.fresh("text", request.getText(), DeploymentState.SHADOW),
                    Deployment.ofPack(DeploymentState.SHADOW),
                    List.of(),
                    Optional.empty());
        }
        BookedRule known = catalog.get(RuleNames.rule("name", request.getName()));
        if (request.getText().isEmpty()) {
            return known;
        }
        Rule rule = texts.changed("text", request.getText(), known.rule());
        return new BookedRule(rule, known.deployment(), known.exceptions(), known.custom());
    }

    private Backtest backtest(Looking looking, KeptEvents.Limits limits) {
        if (!looks.tryAcquire()) {
            throw new LimitExceededException(
                    "two rules are being verified already; try again", DEFAULT_DURATION);
        }
        try {
            long begun = System.nanoTime();
            KeptEvents.Extent extent = keptEvents.look(limits, looking);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            return looking.result()
                    .setKeptBatches(extent.keptBatches())
                    .setIncompleteReason(extent.incompleteReason())
                    .setDuration(
                            com.google.protobuf.Duration.newBuilder()
                                    .setSeconds(took.toSeconds())
                                    .setNanos(took.toNanosPart()))
                    .build();
        } finally {
            looks.release();
        }
    }

    private static KeptEvents.Limits limits(VerifyRuleRequest request) {
        Duration duration =
                request.hasMaxDuration()
                        ? Duration.ofSeconds(
                                request.getMaxDuration().getSeconds(),
                                request.getMaxDuration().getNanos())
                        : DEFAULT_DURATION;
        if (duration.isNegative() || duration.compareTo(MAX_DURATION) > 0) {
            throw new InvalidFieldException(
                    "max_duration", "is negative or more than 15 s", "send 0 s to 15 s");
        }
        if (request.getMaxBytes() < 0 || request.getMaxBytes() > MAX_BYTES) {
            throw new InvalidFieldException(
                    "max_bytes", "is more than 1 GiB", "send up to 1073741824, or nothing");
        }
        return new KeptEvents.Limits(
                duration, request.getMaxBytes() == 0 ? DEFAULT_BYTES : request.getMaxBytes());
    }
}
