package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_FAIL;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_PASS;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.posture.PostureRounds;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsResponse;
import dev.yagura.proto.inventory.v1.Misconfiguration;
import dev.yagura.proto.inventory.v1.MisconfigurationFilter;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.storage.BucketAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Postures and misconfigurations through the API, of what the sandbox has. */
class PostureTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final String DATABASE = "i-02d59893435baed09";
    private static final String DATABASE_GROUP = "sg-098fa258f4629c194";

    /** Nobody has observed them: there is no agent. */
    private static final List<String> BY_AGENT =
            List.of("agent-healthy", "antivirus-running", "no-unneeded-service");

    private Ec2Client operator;

    @BeforeEach
    void readEverything() {
        operator = SANDBOX.cloud().operator().client(Ec2Client.builder(), SCOPE);
        // Readings have the time of the database.
        SandboxAccount.setClock();
        read();
    }

    @AfterEach
    void closeSources() {
        operator.close();
    }

    @Test
    void everyCheckSaysWhatItSawAndHowNewThatIs() {
        Posture web = posture(WEB);
        assertThat(web.getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(web.getReasonsList())
                .anySatisfy(each -> assertThat(each).startsWith("agent-healthy: no agent"));
        assertThat(item(web, "os-supported").getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        assertThat(item(web, "os-supported").getDetail()).contains("Amazon Linux 2023");
        assertThat(item(web, "disks-encrypted").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item(web, "disks-encrypted").getDetail()).contains("vol-0c6d1d6da20ac5bbc");
        assertThat(item(web, "no-open-management-port").getOutcome())
                .isEqualTo(POSTURE_OUTCOME_PASS);
        assertThat(item(web, "not-exposed-to-internet").getOutcome())
                .isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item(web, "not-exposed-to-internet").getDetail())
                .isEqualTo(
                        "tcp 80 at 198.51.100.20 by sg-02f1086a7759c4179;"
                                + " tcp 443 at 198.51.100.20 by sg-02f1086a7759c4179");
        assertThat(web.getItemsList())
                .filteredOn(each -> !BY_AGENT.contains(each.getCheck()))
                .allSatisfy(each -> assertThat(each.hasObserveTime()).isTrue());

        assertThat(item(posture(APP), "not-exposed-to-internet").getDetail())
                .as("an IPv6 address, a route, and no group that lets everybody in")
                .isEqualTo("no path from the internet to its addresses");
        assertThat(item(posture(DATABASE), "not-exposed-to-internet").getDetail())
                .isEqualTo("it has no public IPv4 and no IPv6 address");

        SERVICE.postgres()
                .execute(
                        "UPDATE asset SET configuration ="
                                + " jsonb_set(configuration::jsonb, '{vpcId}', '\"vpc-other\"')::text"
                                + " WHERE resource_type = 'AWS::EC2::NetworkInterface'");
        assertThat(item(posture(WEB), "not-exposed-to-internet").getDetail())
                .as("by the routes of the VPC that its interface is in")
                .startsWith("routes or network ACL not known of eni-");
    }

    @Test
    void changesCountAfterTheNextReading() {
        operator.modifyInstanceMetadataOptions(
                request -> request.instanceId(DATABASE).httpTokens("optional"));
        operator.authorizeSecurityGroupIngress(request ->
                request.groupId(DATABASE_GROUP)
                        .ipPermissions(permission ->
                                permission
                                        .ipProtocol("tcp")
                                        .fromPort(20)
                                        .toPort(30)
                                        .ipRanges(range -> range.cidrIp("0.0.0.0/0"))));
        read();
        Posture database = posture(DATABASE);
        assertThat(item(database, "imdsv2-required").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item(database, "no-open-management-port").getDetail())
                .isEqualTo(DATABASE_GROUP + " lets in 22 (SSH), 23 (Telnet) from 0.0.0.0/0");
        assertThat(found("no-open-management-port"))
                .extracting(Misconfiguration::getNativeId)
                .containsExactly(DATABASE_GROUP);
        assertThat(found("imdsv2-required"))
                .extracting(Misconfiguration::getNativeId)
                .contains(DATABASE);

        operator.modifyInstanceMetadataOptions(
                request -> request.instanceId(DATABASE).httpTokens("required"));
        read();
        assertThat(item(posture(DATABASE), "imdsv2-required").getOutcome())
                .isEqualTo(POSTURE_OUTCOME_PASS);
    }

    @Test
    void whatIsNotRecordedOrNotReadLatelyIsUnknown() {
        SANDBOX.control().recorder().recordOnly("AWS::EC2::SecurityGroup");
        read();
        PostureItem exposure = item(posture(APP), "not-exposed-to-internet");
        assertThat(exposure.getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(exposure.getDetail()).contains("AWS::EC2::RouteTable is not recorded");
        assertThat(item(posture(WEB), "disks-encrypted").getOutcome())
                .as("known to be bad before")
                .isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(list(ListMisconfigurationsRequest.getDefaultInstance()).getUnreadList())
                .anySatisfy(each -> {
                    assertThat(each.getResourceType()).isEqualTo("AWS::S3::Bucket");
                    assertThat(each.getReason()).contains("not recorded");
                });

        TestClock.CLOCK.advance(Duration.ofMinutes(30));
        assertThat(posture(APP).getItemsList())
                .filteredOn(each -> !each.getCheck().equals("agent-healthy"))
                .filteredOn(each -> each.getOutcome() == POSTURE_OUTCOME_PASS)
                .isEmpty();
    }

    @Test
    void hostThatIsGoneIsDeniedAndWhatIsNoHostIsRefused() {
        SANDBOX.control().freezeClock();
        SANDBOX.control().terminate(APP);
        SANDBOX.control().advance(Duration.ofHours(2));
        read();
        assertThat(posture(APP).getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(posture(APP).getReasons(0)).contains("gone since");
        String volume = found("volume-encrypted").getFirst().getAsset();
        assertThatThrownBy(() -> ask(GetPostureRequest.newBuilder().setAsset(volume), ACCOUNT))
                .hasMessageContaining("no host");
        assertThatThrownBy(() -> ask(GetPostureRequest.newBuilder(), ACCOUNT))
                .hasMessageContaining("instance_id");
        assertThatThrownBy(() ->
                        ask(GetPostureRequest.newBuilder().setInstanceId(WEB), "999999999999"))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void misconfigurationsComeInPagesAndOnlyOfWhatTheCallerMaySee() {
        String policy =
                "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}}";
        List<Misconfiguration> none = found("bucket-not-public");
        assertThat(none).isEmpty();
        SANDBOX.control().recorder().open(SandboxCloud.BUCKET, new BucketAccess(false, policy));
        read();
        assertThat(found("bucket-not-public"))
                .extracting(Misconfiguration::getNativeId)
                .containsExactly(SandboxCloud.BUCKET);

        List<String> paged = new ArrayList<>();
        ListMisconfigurationsRequest request =
                ListMisconfigurationsRequest.newBuilder().setPageSize(3).build();
        ListMisconfigurationsResponse page;
        do {
            page = list(request);
            page.getMisconfigurationsList()
                    .forEach(each -> paged.add(each.getCheck() + each.getAsset()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(paged)
                .doesNotHaveDuplicates()
                .hasSameSizeAs(
                        list(ListMisconfigurationsRequest.newBuilder().setPageSize(500).build())
                                .getMisconfigurationsList());
        assertThat(
                        PostureServiceGrpc.newBlockingStub(SERVICE.admin("999999999999"))
                                .listMisconfigurations(
                                        ListMisconfigurationsRequest.getDefaultInstance()))
                .isEqualTo(ListMisconfigurationsResponse.getDefaultInstance());
        assertThatThrownBy(() -> found("no-such-check"))
                .hasMessageContaining("filter.check")
                .hasMessageContaining("bucket-not-public");
    }

    @Test
    void pastMomentHasThePostureOfThen() {
        Instant sound = judge();
        operator.modifyInstanceMetadataOptions(
                request -> request.instanceId(DATABASE).httpTokens("optional"));
        read();
        Instant unsound = judge();
        operator.modifyInstanceMetadataOptions(
                request -> request.instanceId(DATABASE).httpTokens("required"));
        read();
        judge();
        judge();
        long versions = versions();
        judge();
        assertThat(versions()).as("nothing changed: nothing is kept again").isEqualTo(versions);

        Posture before = posture(DATABASE, sound);
        assertThat(item(before, "imdsv2-required").getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        assertThat(AgentProtos.timestamp(sound)).isEqualTo(before.getEvaluateTime());
        Posture then = posture(DATABASE, unsound.plusMillis(1));
        assertThat(item(then, "imdsv2-required").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(then.getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(then.getStartTime()).isEqualTo(AgentProtos.timestamp(unsound));
        assertThat(item(posture(DATABASE), "imdsv2-required").getOutcome())
                .isEqualTo(POSTURE_OUTCOME_PASS);

        assertThatThrownBy(() -> posture(DATABASE, sound.plus(Duration.ofDays(1))))
                .hasMessageContaining("read_time");
        assertThatThrownBy(() -> posture(DATABASE, sound.minus(Duration.ofDays(91))))
                .hasMessageContaining("read_time");
    }

    @Test
    void whatWasNotJudgedLatelyThenIsUnknown() {
        Instant unjudged = TestClock.CLOCK.instant();
        Instant judged = judge();
        assertThat(posture(DATABASE, unjudged).getReasons(0)).contains("not judged by");
        SERVICE.postgres()
                .execute(
                        "UPDATE posture_round SET begin_time = begin_time - interval '4 days',"
                                + " end_time = end_time - interval '4 days'");
        Posture doubted = posture(DATABASE, judged);
        assertThat(doubted.getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
        assertThat(doubted.getReasons(0)).startsWith("the last round of judging began at");
        assertThat(doubted.getItemsList())
                .isNotEmpty()
                .allMatch(each -> each.getOutcome() == POSTURE_OUTCOME_UNKNOWN);
        assertThat(item(doubted, "imdsv2-required").getDetail()).startsWith("last judged passed: ");
    }

    @Test
    void hostThatCameBackIsUnknownUntilItIsJudgedAgain() {
        judge();
        Instant gone = TestClock.CLOCK.instant();
        becomes("'TOMBSTONE'", "'" + gone + "'", gone);
        judge();
        Instant back = TestClock.CLOCK.instant();
        becomes("'ACTIVE'", "NULL", back);
        Posture then = posture(DATABASE, back);
        assertThat(then.getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
        assertThat(then.getReasons(0)).startsWith("it was gone when the last round began at");
        assertThat(item(then, "imdsv2-required").getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item(posture(DATABASE, judge()), "imdsv2-required").getOutcome())
                .isEqualTo(POSTURE_OUTCOME_PASS);
    }

    /** What a reading writes that finds the host gone, or there again. */
    private static void becomes(String state, String tombstone, Instant time) {
        SERVICE.postgres()
                .execute(
                        """
                        INSERT INTO asset_version (asset_id, valid_from, valid_until,
                            instance_state, tombstone_time, description)
                        SELECT id, update_time, '%4$s', instance_state, tombstone_time, description
                        FROM asset WHERE native_id = '%1$s';
                        UPDATE asset SET state = %2$s, tombstone_time = %3$s, update_time = '%4$s'
                        WHERE native_id = '%1$s'
                        """
                                .formatted(DATABASE, state, tombstone, time));
    }

    /** When a round judged all, with some time around it. */
    private static Instant judge() {
        TestClock.CLOCK.advance(Duration.ofSeconds(1));
        Instant now = TestClock.CLOCK.instant();
        SERVICE.bean(PostureRounds.class).judge(now);
        TestClock.CLOCK.advance(Duration.ofSeconds(1));
        return now;
    }

    private static long versions() {
        return new Knowledge(SERVICE).rows("SELECT subject FROM posture_version").count();
    }

    /** All types, as the service does. */
    private void read() {
        SERVICE.postgres()
                .execute(
                        "UPDATE scope_reading"
                                + " SET recorded_since = clock_timestamp() - interval '2 hours'");
        SANDBOX.makeDue();
        for (AssetSet set : AssetSets.of(List.of(SCOPE))) {
            assertThat(SANDBOX.read(set.resourceType()))
                    .as(set.text())
                    .isIn(ScopeReader.Outcome.COMPLETE, ScopeReader.Outcome.NOT_RECORDED);
        }
        SANDBOX.readNodes();
    }

    private static Posture posture(String instance) {
        return ask(GetPostureRequest.newBuilder().setInstanceId(instance), ACCOUNT);
    }

    private static Posture posture(String instance, Instant time) {
        return ask(
                GetPostureRequest.newBuilder()
                        .setInstanceId(instance)
                        .setReadTime(AgentProtos.timestamp(time)),
                ACCOUNT);
    }

    private static Posture ask(GetPostureRequest.Builder request, String account) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin(account))
                .getPosture(request.build());
    }

    private static PostureItem item(Posture posture, String check) {
        return posture.getItemsList().stream()
                .filter(each -> each.getCheck().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static List<Misconfiguration> found(String check) {
        return list(ListMisconfigurationsRequest.newBuilder()
                        .setPageSize(500)
                        .setFilter(MisconfigurationFilter.newBuilder().setCheck(check))
                        .build())
                .getMisconfigurationsList();
    }

    private static ListMisconfigurationsResponse list(ListMisconfigurationsRequest request) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listMisconfigurations(request);
    }
}
