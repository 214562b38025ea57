package dev.yagura.inventory.change;

import static dev.yagura.inventory.Waiting.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.reconcile.SandboxNews;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.sandbox.control.QueueClient;
import dev.yagura.sandbox.front.JournalEntry;
import io.grpc.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Tag;

/** The sandbox's AWS Config tells changes through SQS; what becomes of them is seen by the API. */
class ChangeLoopTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final AssetView ASSETS = new AssetView(SERVICE);
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String DATA = "vol-0aaaaaaaaaaaaaa01";
    private static final String WEB = "i-085b07764feced695";
    private static final String TAG = "wave";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Longer than a message that failed is hidden the first times. */
    private static final Duration RETURN = Duration.ofMinutes(2);

    private static final Pattern CAPTURED =
            Pattern.compile("(configurationItemCaptureTime[\\\\]*\":[\\\\]*\")[^\"\\\\]*");

    private static final Pattern LOCATION = Pattern.compile("(s3BucketLocation\":\")[^\"]*");

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final AtomicInteger PLANTED = new AtomicInteger();

    private static SandboxNews cloud;
    private static Ec2Client ec2;
    private static TestBucket bucket;

    private final String name = "changes-" + NUMBER.incrementAndGet();
    private final ChangeQueue queue =
            new ChangeQueue(
                    SandboxNews.SCOPE,
                    "https://sqs.ap-northeast-1.amazonaws.com/%s/%s"
                            .formatted(SandboxNews.ACCOUNT, name));
    private QueueClient messages;
    private String head = "0";
    private ChangeLoop loop;

    @BeforeAll
    static void open() throws Exception {
        cloud = new SandboxNews(SERVICE);
        ec2 = cloud.operator().client(Ec2Client.builder(), SandboxNews.SCOPE);
        bucket = new TestBucket(cloud.operator());
    }

    @AfterAll
    static void close() throws Exception {
        ec2.close();
        bucket.close();
        cloud.close();
    }

    @BeforeEach
    void follow() {
        SERVICE.clear();
        head =
                SERVICE.rowWriters("SELECT feed, head::text FROM feed_head WHERE feed = 'assets'")
                        .getOrDefault("assets", "0");
        messages = cloud.control().queue(name).redriveTo(name + "-dead", 1);
        cloud.control().recorder().tell(name, "event-bridge");
        loop = new ChangeLoop(cloud.news(), List.of(queue), cloud.clients());
        loop.start(this);
    }

    @AfterEach
    void stop() throws Exception {
        cloud.control().clearFaults();
        loop.stop(this);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sns", "sns-raw", "event-bridge"})
    void changeIsSeenByAWatcherAndTheNextReadingFindsNothingNew(String form) throws Exception {
        cloud.control().recorder().tell(name, form);
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            Iterator<WatchAssetsResponse> watch = context.call(ChangeLoopTest::watch);
            watch.next();
            tag(form);
            Asset seen = watch.next().getAsset();
            while (!seen.getNativeId().equals(DATA)) {
                seen = watch.next().getAsset();
            }
            assertThat(seen.getTagsMap()).containsEntry(TAG, form);
        }
        awaitEmpty();
        int changes = changes(DATA);
        assertThat(cloud.read(VOLUME)).isTrue();
        assertThat(changes(DATA)).isEqualTo(changes).isPositive();
    }

    @Test
    void messagesTwiceAndInTheWrongOrderEndAtTheNewestWhoeverReceivesThem() throws Exception {
        ChangeLoop replica = new ChangeLoop(cloud.news(), List.of(queue), cloud.clients());
        replica.start(this);
        messages.hold(true);
        tag("first");
        tag("second");
        tag("third");
        List<String> told = messages.take().reversed();
        told.forEach(messages::send);
        told.forEach(messages::send);
        messages.hold(false);
        awaitEmpty();
        assertThat(ASSETS.active(DATA).getTagsMap()).containsEntry(TAG, "third");
        assertThat(count(ChangeHandler.Outcome.CHANGED) + count(ChangeHandler.Outcome.NOTHING_NEW))
                .isEqualTo(2L * told.size());

        int changes = changes(DATA);
        told.forEach(messages::send);
        awaitEmpty();
        assertThat(changes(DATA)).isEqualTo(changes);
        replica.stop(this);
    }

    @Test
    void itemThatIsTooLargeIsReadFromItsBucket() throws Exception {
        cloud.control().recorder().tell(name, "sns", TestBucket.NAME, 500);
        tag("large");
        await("the change", () -> ASSETS.isActive(DATA));
        assertThat(ASSETS.active(DATA).getTagsMap()).containsEntry(TAG, "large");

        cloud.control().recorder().tell(name, "event-bridge", "nowhere", 500);
        tag("lost");
        awaitDeadLetters(1, "NoSuchBucket");
        messages.hold(true);
        cloud.control().recorder().tell(name, "sns-raw", TestBucket.NAME, 500);
        tag("forged");
        String told = messages.take().getFirst();
        bucket.put("bomb", TestBucket.zipped(new byte[9 << 20]));
        bucket.put(
                "other", TestBucket.zipped("{\"awsAccountId\": \"999988887777\"}".getBytes(UTF_8)));
        messages.send(LOCATION.matcher(told).replaceAll("$1" + TestBucket.NAME + "/bomb"));
        messages.send(LOCATION.matcher(told).replaceAll("$1" + TestBucket.NAME + "/other"));
        messages.send(LOCATION.matcher(told).replaceAll("$1" + TestBucket.NAME + "/none"));
        messages.hold(false);
        await("unreadable ones", () -> count(ChangeHandler.Outcome.UNREADABLE) == 3);
        await("one that may be there later", () -> count(ChangeHandler.Outcome.FAILED) == 1);
        assertThat(ASSETS.active(DATA).getTagsMap()).containsEntry(TAG, "large");
    }

    @Test
    void whatIsDeletedIsATombstoneWhateverComesLate() {
        String early = plant();
        await("the new one", () -> ASSETS.isActive(early));
        messages.hold(true);
        cloud.control().recorder().deletePlanted(VOLUME, early);
        String brief = plant();
        cloud.control().recorder().deletePlanted(VOLUME, brief);
        List<String> told = messages.take();
        told.stream().filter(each -> each.contains("ResourceDeleted")).forEach(messages::send);
        messages.hold(false);
        awaitEmpty();
        told.forEach(messages::send);
        awaitEmpty();
        assertThat(ASSETS.listed(AssetState.ASSET_STATE_TOMBSTONE)).containsOnlyKeys(early, brief);
        assertThat(ASSETS.isActive(early) || ASSETS.isActive(brief)).isFalse();
        assertThat(changes(early)).isEqualTo(2);
        assertThat(changes(brief)).isEqualTo(1);
    }

    @Test
    void deletionThatAwsConfigDoesNotConfirmIsNotBelieved() {
        String volume = plant();
        await("the new one", () -> ASSETS.isActive(volume));
        messages.hold(true);
        String other = plant();
        String said =
                CAPTURED.matcher(messages.take().getFirst())
                        .replaceAll("$1" + cloud.control().advance(RETURN))
                        .replace("ResourceDiscovered", "ResourceDeleted");
        messages.send(said);
        messages.send(said.replace(other, volume));
        messages.hold(false);
        awaitDeadLetters(2, "ResourceDeleted");
        assertThat(ASSETS.isActive(volume)).isTrue();
        assertThat(ASSETS.listed(AssetState.ASSET_STATE_TOMBSTONE)).isEmpty();
        assertThat(count(ChangeHandler.Outcome.FAILED)).isEqualTo(2);
    }

    @Test
    void whatIsOfNobodyHereIsLeftOutAndWhatIsSpoiledHoldsUpNoOther() {
        messages.hold(true);
        tag("good");
        String good = messages.take().getFirst();
        messages.send("{\"detail-type\": \"spoiled");
        messages.send(CAPTURED.matcher(good).replaceAll("$1yesterday"));
        messages.send(CAPTURED.matcher(good).replaceAll("$12099-01-01T00:00:00Z"));
        messages.send(good.replace(SandboxNews.ACCOUNT, "999988887777"));
        messages.send(good.replace(VOLUME, "AWS::EC2::Host"));
        messages.send("{\"messageType\": \"ComplianceChangeNotification\"}");
        messages.send(good);
        messages.hold(false);
        await("the change", () -> ASSETS.isActive(DATA));
        awaitDeadLetters(3, "spoiled");
        awaitEmpty();
        assertThat(ASSETS.listed(AssetState.ASSET_STATE_ACTIVE)).containsOnlyKeys(DATA);
        assertThat(count(ChangeHandler.Outcome.NOT_READ)).isEqualTo(3);
        assertThat(count(ChangeHandler.Outcome.UNREADABLE)).isEqualTo(3);
    }

    @Test
    void instanceThatIsToldIsReadLiveAndNoMoreIsCalledThanThePoliciesAllow() {
        messages.redriveTo(name + "-dead", 5);
        cloud.control().stop(WEB);
        cloud.control().advance(RETURN);
        await(
                "a stopped instance",
                () ->
                        ASSETS.isActive(WEB)
                                && ASSETS.active(WEB).getInstanceState().equals("stopped"));
        assertThat(ASSETS.active(WEB).getNetworkInterfacesList()).isNotEmpty();
        cloud.control().recorder().deletePlanted(VOLUME, plant());
        cloud.control().recorder().tell(name, "sns-raw", TestBucket.NAME, 500);
        tag("policies");
        messages.send("spoiled");
        Set<String> allowed = allowed("inventory_changes.json");
        await("every call of the policy", () -> called().containsAll(allowed));
        allowed.addAll(allowed("inventory.json"));
        assertThat(allowed).containsAll(called());
    }

    @Test
    void messageThatComesAgainAfterItsCommitChangesNothing() {
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                "sqs:DeleteMessage",
                                "kind",
                                "error",
                                "code",
                                "InternalFailure",
                                "status",
                                500,
                                "times",
                                4));
        messages.redriveTo(name + "-dead", 5);
        String volume = plant();
        await("the change", () -> ASSETS.isActive(volume));
        await(
                "refused deletes",
                () ->
                        cloud.control().journal(0).stream()
                                        .filter(each ->
                                                each.operation().equals("sqs:DeleteMessage"))
                                        .filter(each -> each.status() == 500)
                                        .count()
                                == 4);
        cloud.control().advance(RETURN);
        awaitEmpty();
        assertThat(changes(volume)).isEqualTo(1);
        assertThat(count(ChangeHandler.Outcome.CHANGED)).isEqualTo(1);
        assertThat(count(ChangeHandler.Outcome.NOTHING_NEW)).isEqualTo(1);
    }

    @Test
    void queueThatIsNotThereIsShownAndFollowedOnceItIs() throws Exception {
        ChangeQueue later = new ChangeQueue(SandboxNews.SCOPE, queue.url() + "-later");
        ChangeLoop other = new ChangeLoop(cloud.news(), List.of(later), cloud.clients());
        other.start(this);
        await("a problem in the health", () -> health(other).contains("does not exist"));
        cloud.control().queue(later.name()).send("{}");
        await(
                "a queue that is followed",
                () -> health(other).contains("followed; it has no dead-letter queue"));
        other.stop(this);
    }

    @Test
    void nothingIsReceivedWhileTheDatabaseIsAway() throws Exception {
        loop.stop(this);
        messages.redriveTo(name + "-dead", 5);
        AtomicBoolean away = new AtomicBoolean(true);
        loop = new ChangeLoop(cloud.news(away), List.of(queue), cloud.clients());
        loop.start(this);
        String first = plant();
        await("a failure", () -> count(ChangeHandler.Outcome.FAILED) > 0);
        // What was asked for before the failure may still be received.
        String second = plant();
        await("a problem in the health", () -> health(loop).contains("PostgreSQL"));
        String third = plant();
        away.set(false);
        await("what came meanwhile", () -> ASSETS.isActive(third));
        cloud.control().advance(RETURN);
        await("what was received in vain", () -> ASSETS.isActive(first) && ASSETS.isActive(second));
        assertThat(count(ChangeHandler.Outcome.FAILED)).isBetween(1L, 2L);
    }

    private static String health(ChangeLoop loop) {
        return String.valueOf(loop.call().getData());
    }

    private static void tag(String value) {
        ec2.createTags(request ->
                request.resources(DATA).tags(Tag.builder().key(TAG).value(value).build()));
    }

    private static String plant() {
        cloud.control().recorder().plant(VOLUME, 1);
        return "vol-0%016x".formatted(PLANTED.incrementAndGet());
    }

    private static Iterator<WatchAssetsResponse> watch() {
        return ASSETS.stub()
                .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .watchAssets(WatchAssetsRequest.getDefaultInstance());
    }

    /** How often the feed named a volume in this test. */
    private int changes(String volume) {
        return SERVICE.rowWriters(
                        "SELECT number::text, xmin::text FROM feed_change WHERE feed = 'assets'"
                                + " AND number > "
                                + head
                                + " AND key = ?",
                        new AssetSet(SandboxNews.SCOPE, VOLUME).id(volume))
                .size();
    }

    private long count(ChangeHandler.Outcome outcome) {
        return ChangeMetrics.counter(queue, outcome).count();
    }

    private void awaitDeadLetters(int number, String text) {
        QueueClient dead = cloud.control().queue(name + "-dead");
        await(
                number + " messages that failed",
                () ->
                        count(ChangeHandler.Outcome.FAILED)
                                        + count(ChangeHandler.Outcome.UNREADABLE)
                                == number);
        await("no others", () -> messages.messages().size() == number);
        await(
                "dead letters",
                () -> {
                    cloud.control().advance(RETURN);
                    return dead.messages().size() == number;
                });
        assertThat(dead.messages()).anyMatch(each -> each.contains(text));
    }

    private void awaitEmpty() {
        await("an empty queue", () -> messages.messages().isEmpty());
    }

    private static Set<String> called() {
        return cloud.control().journal(0).stream()
                .filter(each -> each.caller().contains("YaguraInventory"))
                .map(JournalEntry::operation)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> allowed(String file) {
        try {
            return Pattern.compile("\"([a-z0-9]+:[A-Za-z]+)\"")
                    .matcher(Files.readString(Path.of("../deploy/policies", file)))
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
