package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.channel.AgentChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * capture_memory: a host uploads its memory in parts, in runs of some minutes, each with URLs of
 * its own; then all of it is read back.
 */
final class MemoryCapture extends EvidenceUpload {
    /** Of one run: their URLs, compressed, fit a parameter. */
    private static final int MOST_PARTS = 64;

    private static final String NONE = "-";

    private final MemoryConfig config;

    MemoryCapture(
            Ways ways,
            TriageConfig triage,
            MemoryConfig config,
            ScopedClients<TriageBucket> buckets,
            Clock clock) {
        super(ways, triage, buckets, clock, "captured");
        this.config = config;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_CAPTURE_MEMORY;
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.CAPTURE_MEMORY);
    }

    /** An agent is waited for; Systems Manager is looked at again. */
    @Override
    Optional<String> objection(AgentChannel channel) {
        return Optional.of("each of its runs takes minutes");
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        return order(action, List.of());
    }

    /** What is left after these. */
    private Order order(Action action, List<MemoryBatch> before) {
        int first = before.isEmpty() ? 1 : before.getLast().last() + 1;
        Map<String, String> parameters = new HashMap<>();
        parameters.put("First", String.valueOf(first));
        parameters.put("PartKib", String.valueOf(config.partKib()));
        parameters.put("MostMib", String.valueOf(config.mostMib()));
        parameters.put("RateKib", String.valueOf(config.rateKib()));
        parameters.put("Boot", before.isEmpty() ? NONE : before.getFirst().boot());
        parameters.put("Map", before.isEmpty() ? NONE : before.getFirst().map());
        return new Order(
                List.of(TriageBucket.check(triage())),
                parameters,
                () -> Map.of("Upload", uploads(action, first)));
    }

    private String uploads(Action action, int first) {
        String prefix = place(action.getTarget(), id(action));
        List<String> keys =
                Stream.concat(
                                Stream.of(MemoryPart.listName(first)),
                                IntStream.range(first, first + MOST_PARTS)
                                        .mapToObj(MemoryPart::name))
                        .map(name -> prefix + name)
                        .toList();
        return bucket(action).uploads(keys, lifetime());
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        boolean sent = plan.getCallsCount() > 0;
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore("-")
                    .setAfter(
                            ("the memory of the host, as /proc/kcore has it, is in S3: LiME, in parts"
                                            + " of %d MiB, compressed; again for each 9 minutes or"
                                            + " %d parts that it takes")
                                    .formatted(config.partMib(), MOST_PARTS));
        }
        if (sent) {
            String prefix = place(target, "ACTION");
            plan.addCalls(
                            s3("s3:PutObject", prefix + "part-*, list-*")
                                    .putParameters("IfNoneMatch", "*")
                                    .setBefore("no object")
                                    .setAfter(
                                            "parts and lists of them, put by the host through"
                                                    + " presigned URLs that live "
                                                    + lifetime().toSeconds()
                                                    + " s"))
                    .addCalls(
                            s3("s3:GetObject", prefix + "*")
                                    .setAfter("read back, every part: size, SHA-256"))
                    .addCalls(
                            s3("s3:PutObject", prefix + MemoryReading.MANIFEST)
                                    .putParameters("IfNoneMatch", "*")
                                    .setBefore("no object")
                                    .setAfter("names every part, its range and SHA-256"));
        }
        return plan.addResidualRisks(
                        "Memory changes while it is read: an image of minutes or hours is of no one"
                                + " moment. What is swapped out is not in it.")
                .addResidualRisks(
                        "The host says what its memory is; whoever has root in its kernel can hide"
                                + " memory from it.")
                .addResidualRisks(
                        "An image holds every secret that the host had in memory - keys, passwords,"
                                + " data of customers: let few people read the bucket.")
                .addResidualRisks(
                        "The host reads at most %d MiB a second and needs one part's room in memory;"
                                        .formatted(config.rateMib())
                                + " a host without memory to spare refuses.")
                .addResidualRisks(
                        "Systems Manager keeps the presigned URLs in its history of commands. While"
                                + " they live, whoever reads them there can put an object in a part's"
                                + " place before the host does; that is seen, and the action fails.")
                .addResidualRisks(
                        "A host that is cut off does not reach S3: capture first, or leave it a"
                                + " way to S3.");
    }

    @Override
    public void apply(ActionRun run) {
        List<MemoryBatch> batches = new ArrayList<>();
        while (batches.isEmpty() || !batches.getLast().isLast()) {
            batches.add(batch(run, batches));
        }
        run.verifying("the host has uploaded every part; reading them back");
        try {
            if (run.action().getVerificationsList().isEmpty()) {
                MemoryBatch first = batches.getFirst();
                run.verified(
                        VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                        true,
                        ("the host has uploaded %d parts, %d bytes of memory; /proc/kcore does not"
                                        + " have %d bytes of RAM")
                                .formatted(first.parts(), first.bytes(), first.missingBytes()));
            }
            new MemoryReading(
                            run,
                            bucket(run.action()),
                            place(run.action().getTarget(), id(run.action())),
                            triage(),
                            config,
                            errors(),
                            clock())
                    .readBack(batches);
        } catch (SdkException e) {
            throw errors().whileRunning(e);
        }
    }

    /** What the host says of its next run. */
    private MemoryBatch batch(ActionRun run, List<MemoryBatch> before) {
        int number = before.size() + 1;
        int first = before.isEmpty() ? 1 : before.getLast().last() + 1;
        String runId = runId(run.action(), number == 1 ? APPLY : APPLY + number);
        HostReport report =
                reported(run.action(), runId)
                        .or(() ->
                                begin(
                                        run,
                                        HostDocument.CAPTURE_MEMORY,
                                        runId,
                                        survey -> order(run.action(), before)))
                        .orElseThrow(() ->
                                new StillPendingException(
                                        "the host is at work on its memory from part %d on"
                                                .formatted(first),
                                        config.poll()));
        requireDone(report);
        MemoryBatch batch = MemoryBatch.of(report, first, MOST_PARTS);
        if (!before.isEmpty() && !batch.isOf(before.getFirst())) {
            throw refuted(run, "it has another memory than before: booted, or ranges changed");
        }
        if (batch.bytes() > config.mostBytesOfHost()) {
            throw refuted(
                    run,
                    "the host says that it has %d bytes of memory, more than %d GiB: it should"
                                    .formatted(batch.bytes(), config.mostGib())
                            + " have refused");
        }
        if (!batch.isProgress()) {
            throw refuted(
                    run,
                    "the host came to an end before part %d of %d: %s"
                            .formatted(
                                    first,
                                    batch.parts(),
                                    batch.stopped().orElse("it does not say why")));
        }
        return batch;
    }

    private ActionFailedException refuted(ActionRun run, String detail) {
        return reading(run).refuted(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED, detail);
    }

    /** Of a run that has ended. */
    private static Optional<HostReport> reported(Action action, String runId) {
        return HostRun.command(action, runId)
                .map(HostCommand::getReport)
                .flatMap(HostReport::parse);
    }

    /** Several runs have a report each, and what they mean together is judged above. */
    @Override
    void applied(ActionRun run, HostReport report) {
        throw new IllegalStateException("capture_memory judges its runs itself");
    }

    @Override
    String place(ActionTarget target, String id) {
        return "memory/%s/%s/%s/"
                .formatted(target.getScope().getAccountId(), target.getInstanceId(), id);
    }

    private Duration lifetime() {
        return lifetime(HostDocument.CAPTURE_MEMORY.timeout());
    }
}
