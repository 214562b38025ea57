package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.Tag;

/** snapshot_instance with runners that die, answers that are lost, calls that are throttled. */
class InterruptedSnapshotTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

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

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES,
                        folder,
                        Map.of(
                                "yagura.response.forensics.kms-keys",
                                "arn:aws:kms:ap-northeast-1:111122223333:key/5a0c2f6e-9d31-4c7b-8e54-0b7f6a1d2c3e",
                                "yagura.response.forensics.account-id",
                                "999988887777",
                                // The sandbox shows at once what it did.
                                "yagura.response.forensics.settle",
                                "PT0.001S",
                                "yagura.response.action.attempts",
                                "20"));
        service = idle.service();
        store = idle.store();
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(15)));
        catalog = idle.catalog();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        service.sandbox().freezeClock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesAKillAtEveryStep(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create(TestService.WEB);

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertTaken(id);

            undo(id);
            killed |= runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertDeleted(id);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void survivesLostRepliesThrottlesAndKills(long seed) {
        Random random = new Random(seed);
        UUID id = create(TestService.DB);

        WRITES.forEach(service.sandbox()::loseReply);
        spoil(random);
        runners.killAt(1 + random.nextInt(20), random.nextBoolean());
        runners.runToTheEnd();
        assertTaken(id);

        undo(id);
        service.sandbox().loseReply("ec2:DeleteSnapshot");
        spoil(random);
        runners.killAt(1 + random.nextInt(6), random.nextBoolean());
        runners.runToTheEnd();
        assertDeleted(id);
    }

    /** A snapshot that EC2 shows late must not be taken a second time. */
    @Test
    void looksForWhatWasNotAnsweredBeforeItAsksAgain() {
        UUID id = create(TestService.DB);
        for (int step = 1; store.find(id).orElseThrow().getCallsCount() == 0; step++) {
            backToTheSeed();
            id = create(TestService.DB);
            // After the intent was written, before the call.
            runners.killAt(step, true);
        }
        Action begun = store.find(id).orElseThrow();
        assertThat(made(CREATE)).isZero();
        // What the lost call would have made.
        service.operator()
                .createSnapshots(r ->
                        r.instanceSpecification(i -> i.instanceId(TestService.DB))
                                .tagSpecifications(s ->
                                        s.resourceType(ResourceType.SNAPSHOT).tags(tagsOf(begun))));

        runners.runToTheEnd();

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

    private static UUID create(String instance) {
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE,
                                TestService.target(instance),
                                "evidence",
                                ""),
                        UUID.randomUUID(),
                        Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static void undo(UUID id) {
        catalog.undo(id, "not needed", Principal.service("gateway"));
    }

    private static void spoil(Random random) {
        service.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        service.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        service.sandbox()
                .throttle(WRITES.get(random.nextInt(WRITES.size())), 1 + random.nextInt(5));
    }

    private static void assertTaken(UUID id) {
        Action action = store.find(id).orElseThrow();
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        int volumes = VOLUMES.getOrDefault(action.getTarget().getInstanceId(), 0);
        assertThat(snapshots()).hasSize(volumes);
        assertThat(made(CREATE)).isOne();
        assertThat(made(COPY)).isEqualTo(volumes);
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
    }

    private static void assertDeleted(UUID id) {
        Action action = store.find(id).orElseThrow();
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(snapshots()).isEmpty();
    }

    private static List<Snapshot> snapshots() {
        return service.operator().describeSnapshots(r -> r.ownerIds("self")).snapshots();
    }

    /** Calls that were really made, whoever made them. */
    private static long made(String operation) {
        return service.sandbox().journal(0).stream()
                .filter(entry -> entry.operation().equals(operation))
                .filter(entry -> entry.result().equals("ok"))
                .count();
    }
}
