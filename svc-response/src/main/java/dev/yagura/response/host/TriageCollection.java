package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.TriageArchive;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.ScopedClients;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * collect_triage: a host collects, and uploads to a place that it may write once; what has arrived
 * is read back.
 */
final class TriageCollection extends EvidenceUpload {
    /** The host has begun in time, and gives up uploading after it. */
    private static final Duration LONGEST_WORK = Duration.ofMinutes(4);

    TriageCollection(
            Ways ways, TriageConfig config, ScopedClients<TriageBucket> buckets, Clock clock) {
        super(ways, config, buckets, clock, "collected");
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_COLLECT_TRIAGE;
    }

    @Override
    List<HostDocument> documents() {
        return List.of(HostDocument.COLLECT_TRIAGE);
    }

    @Override
    Order order(HostCloud cloud, HostSurvey survey, Action action) {
        return new Order(
                List.of(TriageBucket.check(triage())),
                Map.of("MostKib", String.valueOf(triage().mostMib() * 1024)),
                () -> Map.of("Upload", upload(action)));
    }

    private String upload(Action action) {
        return bucket(action).upload(place(action.getTarget(), id(action)), lifetime());
    }

    @Override
    Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target) {
        boolean sent = plan.getCallsCount() > 0;
        for (PlannedCall.Builder call : plan.getCallsBuilderList()) {
            call.setBefore("-")
                    .setAfter(
                            "processes, sockets, persistence, logins, logs and temporary files are"
                                    + " in one archive, at most "
                                    + triage().mostMib()
                                    + " MiB of them");
        }
        if (sent) {
            String key = place(target, "ACTION");
            plan.addCalls(
                            s3("s3:PutObject", key)
                                    .putParameters("IfNoneMatch", "*")
                                    .setBefore("no object")
                                    .setAfter(
                                            "the archive, put by the host through a presigned URL"
                                                    + " that lives "
                                                    + lifetime().toSeconds()
                                                    + " s"))
                    .addCalls(
                            s3("s3:GetObject", key).setAfter("read back: size, SHA-256, manifest"));
        }
        return plan.addResidualRisks(
                        "The host says what it has collected; whoever has root there can hide"
                                + " processes and files from it.")
                .addResidualRisks(
                        "An archive holds command lines, logs and configuration, which may hold"
                                + " secrets: let few people read the bucket.")
                .addResidualRisks(whoSees(survey.way()))
                .addResidualRisks(
                        "A host that is cut off does not reach S3: collect first, or leave it a"
                                + " way to S3.");
    }

    private static String whoSees(HostWay way) {
        return switch (way) {
            case HostWay.ByAgent agent ->
                    "The presigned URL is in this service's database until the agent has it, and on"
                            + " the host until the archive is there. While it lives, whoever reads"
                            + " it can put an object in the archive's place before the host does;"
                            + " that is seen, and the action fails.";
            case HostWay.BySsm ssm ->
                    "Systems Manager keeps the presigned URL in its history of commands. While it"
                            + " lives, whoever reads it there can put an object in the archive's"
                            + " place before the host does; that is seen, and the action fails.";
        };
    }

    @Override
    void applied(ActionRun run, HostReport report) {
        HostReport.Fact archive =
                report.first("archive")
                        .orElseThrow(() -> new ActionFailedException("the host does not say what"));
        report.first("failed")
                .ifPresent(failed -> {
                    throw reading(run)
                            .refuted(
                                    VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                                    ("the host could not upload its archive: S3 answered %s; it is kept as"
                                                    + " %s of the host for 30 days")
                                            .formatted(failed.text(0).strip(), failed.text(1)));
                });
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED,
                true,
                "the host has uploaded %s members, %s bytes, SHA-256 %s"
                        .formatted(archive.value(2), archive.value(1), archive.value(0)));
        readBack(run, archive);
    }

    /** A presigned URL binds neither size nor content: what has arrived is judged here. */
    private void readBack(ActionRun run, HostReport.Fact archive) {
        Action action = run.action();
        String key = place(action.getTarget(), id(action));
        String place = "s3://" + bucketName() + "/" + key;
        EvidenceReading reading = reading(run);
        TriageBucket.Stored stored =
                reading.read(place, progress -> bucket(action).read(key, progress));
        TriageArchiveReader.Contents contents = stored.contents();
        if (contents.problem().isPresent()) {
            throw reading.refuted(place + " is no archive of a host: " + contents.problem().get());
        }
        if (!contents.sha256().equals(archive.value(0))) {
            throw reading.refuted(
                    "%s has SHA-256 %s, not %s as the host says: somebody else has put it there"
                            .formatted(place, contents.sha256(), archive.value(0)));
        }
        triage().kmsKey()
                .filter(kmsKey -> !kmsKey.equals(stored.kmsKey()))
                .ifPresent(kmsKey -> {
                    throw reading.refuted(place + " is not encrypted under " + kmsKey);
                });
        TriageArchive kept =
                TriageArchive.newBuilder()
                        .setBucket(bucketName())
                        .setKey(key)
                        .setVersionId(stored.versionId())
                        .setSha256(contents.sha256())
                        .setSizeBytes(contents.size())
                        .setMemberCount(contents.members())
                        .setKmsKeyArn(stored.kmsKey())
                        .build();
        run.saved(saving -> saving.setTriageArchive(kept));
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "%s has these %d bytes, SHA-256 %s, and %d members as its manifest lists them"
                        .formatted(place, contents.size(), contents.sha256(), contents.members()));
    }

    @Override
    String place(ActionTarget target, String id) {
        return "triage/%s/%s/%s.tar.gz"
                .formatted(target.getScope().getAccountId(), target.getInstanceId(), id);
    }

    private Duration lifetime() {
        return lifetime(LONGEST_WORK);
    }
}
