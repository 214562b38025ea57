package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.Tag;

/** snapshot_instance with runners that die, answers that are lost, calls that are throttled. */
class InterruptedSnapshotTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of(
                            "yagura.response.forensics.kms-keys",
                            "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e",
                            "yagura.response.forensics.account-id",
                            "999988887777",
                            // The sandbox shows at once what it did.
                            "yagura.response.forensics.settle",
                            "PT0.001S"),
                    Duration.ofSeconds(15));

    private static final TestService SERVICE = IDLE.service();

    private static final String CREATE = "ec2:CreateSnapshots";
    private static final String COPY = "ec2:CopySnapshot";
    private static final List<String> READS =
            List.of(
                    "ec2:DescribeVolumes",
                    "ec2:DescribeSnapshots",
                    "ec2:DescribeSnapshotAttribute");
    private static final List<String> WRITES =
            List.of(CREATE, COPY, "ec2:ModifySnapshotAttribute", "ec2:DeleteSnapshot");

    /** Volumes of the instances that the tests use. */
    private static final Map<String, Integer> VOLUMES =
            Map.of(TestService.WEB, 1, TestService.DB, 2);

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                () -> IDLE.create(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.WEB),
                InterruptedSnapshotTest::assertTaken,
                InterruptedSnapshotTest::assertDeleted);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        UUID id = IDLE.create(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.DB);

        WRITES.forEach(SERVICE.sandbox()::loseReply);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(20), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertTaken(id);

        IDLE.undo(id);
        SERVICE.sandbox().loseReply("ec2:DeleteSnapshot");
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertDeleted(id);
    }

    /** A snapshot that EC2 shows late must not be taken a second time. */
    @Test
    void looksForWhatWasNotAnsweredBeforeItAsksAgain() {
        UUID id = IDLE.create(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.DB);
        for (int step = 1; IDLE.action(id).getCallsCount() == 0; step++) {
            IDLE.backToTheSeed();
            id = IDLE.create(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE, TestService.DB);
            // After the intent was written, before the call.
            IDLE.runners().killAt(step, true);
        }
        Action begun = IDLE.action(id);
        assertThat(SERVICE.done(CREATE)).isZero();
        // What the lost call would have made.
        SERVICE.operator()
                .createSnapshots(r ->
                        r.instanceSpecification(i -> i.instanceId(TestService.DB))
                                .tagSpecifications(s ->
                                        s.resourceType(ResourceType.SNAPSHOT).tags(tagsOf(begun))));

        IDLE.runners().runToTheEnd();

        assertTaken(id);
    }

    /** As its first call gives them. */
    private static List<Tag> tagsOf(Action action) {
        String tags = action.getCalls(0).getParametersOrThrow("TagSpecification");
        return Stream.of(tags.substring(1, tags.length() - 1).split(", "))
                .map(tag -> tag.split("=", 2))
                .map(tag -> Tag.builder().key(tag[0]).value(tag[1]).build())
                .toList();
    }

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        SERVICE.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        SERVICE.sandbox()
                .throttle(WRITES.get(random.nextInt(WRITES.size())), 1 + random.nextInt(5));
    }

    private static void assertTaken(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        int volumes = VOLUMES.getOrDefault(action.getTarget().getInstanceId(), 0);
        assertThat(snapshots()).hasSize(volumes);
        assertThat(SERVICE.done(CREATE)).isOne();
        assertThat(SERVICE.done(COPY)).isEqualTo(volumes);
    }

    private static void assertDeleted(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    private static List<Snapshot> snapshots() {
        return SERVICE.operator().describeSnapshots(r -> r.ownerIds("self")).snapshots();
    }
}
