package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_FAIL;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_PASS;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.account.AccountFactSource;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.posture.PostureRounds;
import dev.yagura.proto.inventory.v1.GetAccountPostureRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsRequest;
import dev.yagura.proto.inventory.v1.ListMisconfigurationsResponse;
import dev.yagura.proto.inventory.v1.Misconfiguration;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import dev.yagura.proto.inventory.v1.UnreadAssets;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.sandbox.identity.AccountSettings;
import dev.yagura.sandbox.identity.PasswordRules;
import dev.yagura.sandbox.storage.BucketAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What IAM and S3 say of an account, through the API, of what the sandbox has. */
class AccountPostureTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String POLICY =
            "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}}";

    private AccountFactSource source;

    @BeforeEach
    void startWithoutFacts() {
        SANDBOX.control().freezeClock();
        // Readings have the time of the database.
        SandboxAccount.setClock();
        source = new AccountFactSource(SANDBOX.cloud().clients(), TestClock.CLOCK);
    }

    @AfterEach
    void closeSource() {
        source.close();
    }

    @Test
    void everyCheckSaysWhatItSawAndUsersAreAsOldAsTheirReport() throws Exception {
        read();
        assertThat(item("users-mfa").getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item("users-mfa").getDetail()).contains("IAM is making a credential report");
        assertThat(unread("AWS::IAM::User")).isNotEmpty();
        assertThat(unread("AWS::::Account")).isEmpty();

        pass(Duration.ofSeconds(3));
        read();
        Posture posture = posture();
        assertThat(posture.getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(posture.getAsset()).isEmpty();
        assertThat(posture.getResourceType()).isEqualTo("AWS::::Account");
        assertThat(posture.getNativeId()).isEqualTo(ACCOUNT);
        assertThat(posture.getReasonsList())
                .containsExactly(
                        "password-policy: password policy: at least 14 characters, 5 former"
                                + " passwords refused",
                        "users-mfa: 1 of 5 users have a password and no MFA: viewer");
        assertThat(posture.getItemsList())
                .extracting(PostureItem::getCheck, PostureItem::getOutcome)
                .containsExactly(
                        tuple("root-mfa", POSTURE_OUTCOME_PASS),
                        tuple("root-no-access-key", POSTURE_OUTCOME_PASS),
                        tuple("password-policy", POSTURE_OUTCOME_FAIL),
                        tuple("users-mfa", POSTURE_OUTCOME_FAIL),
                        tuple("keys-rotated", POSTURE_OUTCOME_PASS),
                        tuple("account-blocks-public-buckets", POSTURE_OUTCOME_FAIL));
        assertThat(unread("AWS::IAM::User")).isEmpty();

        // Users are those of the report, until IAM makes another.
        SANDBOX.control().identity().user("viewer", true, true);
        SANDBOX.control().identity().settings(new PasswordRules(14, 24), true);
        pass(Duration.ofMinutes(10));
        read();
        assertThat(posture().getReasonsList())
                .containsExactly("users-mfa: 1 of 5 users have a password and no MFA: viewer");
        assertThat(Instant.ofEpochSecond(item("users-mfa").getObserveTime().getSeconds()))
                .isBefore(TestClock.CLOCK.instant().minus(Duration.ofMinutes(9)));
        pass(Duration.ofHours(4));
        read();
        pass(Duration.ofSeconds(3));
        read();
        assertThat(posture().getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_ALLOW);
        assertThat(posture().getItemsList())
                .extracting(PostureItem::getOutcome)
                .containsOnly(POSTURE_OUTCOME_PASS);

        String policy = Files.readString(Path.of("../deploy/policies/inventory.json"));
        assertThat(
                        SANDBOX.control().journal(0).stream()
                                .map(JournalEntry::operation)
                                .filter(operation -> !operation.equals("sts:AssumeRole"))
                                .distinct())
                .hasSize(5)
                .allMatch(called -> policy.contains("\"" + called + "\""));
    }

    @Test
    void pastMomentHasThePostureOfThen() throws Exception {
        read();
        Instant then = TestClock.CLOCK.instant();
        SERVICE.bean(PostureRounds.class).judge(then);
        SANDBOX.control().identity().root(new AccountSettings.Root(true, false, true));
        pass(Duration.ofSeconds(3));
        read();
        SERVICE.bean(PostureRounds.class).judge(TestClock.CLOCK.instant());

        assertThat(item("root-mfa").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        GetAccountPostureRequest.Builder request =
                GetAccountPostureRequest.newBuilder()
                        .setAccountId(ACCOUNT)
                        .setReadTime(AgentProtos.timestamp(then.plusSeconds(1)));
        Posture past =
                PostureServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                        .getAccountPosture(request.build());
        assertThat(past.getItemsList())
                .filteredOn(each -> each.getCheck().equals("root-mfa"))
                .extracting(PostureItem::getOutcome)
                .containsExactly(POSTURE_OUTCOME_PASS);
        assertThat(past.getStartTime()).isEqualTo(AgentProtos.timestamp(then));
        assertThatThrownBy(() ->
                        PostureServiceGrpc.newBlockingStub(SERVICE.admin("999999999999"))
                                .getAccountPosture(request.build()))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void eachCallFailsApartAndWhatIsOldIsUnknown() {
        SANDBOX.control().identity().root(new AccountSettings.Root(true, false, true));
        fail("iam:GetAccountPasswordPolicy", "error");
        fail("iam:GenerateCredentialReport", "throttle");
        read();
        assertThat(item("root-mfa").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item("root-no-access-key").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(item("password-policy").getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item("password-policy").getDetail())
                .startsWith("iam:GetAccountPasswordPolicy has not told it yet")
                .contains("planned");
        assertThat(item("users-mfa").getDetail()).contains("Rate exceeded");
        assertThat(SERVICE.ready()).contains("AWS::::Account").contains("planned");
        assertThat(unread("AWS::::Account"))
                .singleElement()
                .satisfies(each ->
                        assertThat(each.getReason()).contains("iam:GetAccountPasswordPolicy"));

        SANDBOX.control().clearFaults();
        read();
        assertThat(item("password-policy").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        fail("iam:GetAccountSummary", "error");
        read();
        assertThat(item("root-mfa").getOutcome())
                .as("known from a moment ago")
                .isEqualTo(POSTURE_OUTCOME_FAIL);
        TestClock.CLOCK.advance(Duration.ofMinutes(30));
        read();
        assertThat(item("root-mfa").getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(item("root-mfa").getDetail()).contains("last told it at").contains("planned");
        assertThat(item("password-policy").getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
    }

    @Test
    void misconfigurationsNameAccountAndUsersAndFollowTheReport() {
        SANDBOX.control().identity().root(new AccountSettings.Root(false, false, false));
        SANDBOX.control().identity().userWithKey("robot", Duration.ofDays(91));
        SANDBOX.control().identity().user("clerk", true, false);
        readReport();
        assertThat(item("root-mfa").getDetail()).isEqualTo("the root user has no password");
        assertThat(item("keys-rotated").getDetail()).endsWith("robot");
        List<String> paged = new ArrayList<>();
        ListMisconfigurationsRequest request =
                ListMisconfigurationsRequest.newBuilder().setPageSize(1).build();
        ListMisconfigurationsResponse page;
        do {
            page = list(request);
            page.getMisconfigurationsList()
                    .forEach(each -> paged.add(each.getCheck() + " " + each.getNativeId()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(paged)
                .containsExactlyInAnyOrder(
                        "password-policy " + ACCOUNT,
                        "account-blocks-public-buckets " + ACCOUNT,
                        "user-mfa clerk",
                        "user-mfa viewer",
                        "user-keys-rotated robot");
        assertThat(found("user-mfa clerk"))
                .satisfies(each -> {
                    assertThat(each.getAsset()).isEmpty();
                    assertThat(each.getScope().getAccountId()).isEqualTo(ACCOUNT);
                    assertThat(each.getScope().getRegion()).isEmpty();
                    assertThat(each.getResourceType()).isEqualTo("AWS::IAM::User");
                    assertThat(each.hasObserveTime()).isTrue();
                });

        SANDBOX.control().identity().deleteUser("clerk");
        pass(Duration.ofHours(5));
        readReport();
        assertThat(
                        list(ListMisconfigurationsRequest.getDefaultInstance())
                                .getMisconfigurationsList())
                .extracting(Misconfiguration::getNativeId)
                .doesNotContain("clerk")
                .contains("viewer");
    }

    @Test
    void bucketIsJudgedWithItsAccountAndNothingWithoutItsConfiguration() {
        SANDBOX.control().recorder().open(SandboxCloud.BUCKET, new BucketAccess(false, POLICY));
        ConfigAssetSource recorded = SANDBOX.cloud().recorded();
        ScopeReader reader =
                new ScopeReader(
                        type -> recorded,
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        TestClock.CLOCK);
        List.of("AWS::EC2::SecurityGroup", "AWS::EC2::Volume", "AWS::S3::Bucket")
                .forEach(type -> reader.read(new AssetSet(SCOPE, type)));
        recorded.close();
        assertThat(found("bucket-not-public " + SandboxCloud.BUCKET).getDetail())
                .contains("unless its account blocks that");
        SANDBOX.control().identity().settings(null, true);
        read();
        assertThat(
                        list(ListMisconfigurationsRequest.getDefaultInstance())
                                .getMisconfigurationsList())
                .extracting(Misconfiguration::getCheck)
                .doesNotContain("bucket-not-public");

        SERVICE.postgres().execute("UPDATE asset SET configuration = '{}'");
        assertThat(
                        list(ListMisconfigurationsRequest.newBuilder().setPageSize(500).build())
                                .getUnknownList())
                .allSatisfy(each -> {
                    assertThat(each.getAsset()).startsWith("assets/");
                    assertThat(each.getDetail()).startsWith("AWS Config has not told");
                })
                .extracting(Misconfiguration::getCheck)
                .contains("bucket-not-public")
                .containsOnly("no-open-management-port", "volume-encrypted", "bucket-not-public");
    }

    @Test
    void onlyAccountsThatAreReadAndThatTheCallerMaySeeAreFound() {
        readReport();
        assertThatThrownBy(() -> ask(ACCOUNT, "999999999999")).hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> ask("444455556666", "444455556666"))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> ask("4444", ACCOUNT)).hasMessageContaining("account_id");
        assertThat(
                        PostureServiceGrpc.newBlockingStub(SERVICE.admin("999999999999"))
                                .listMisconfigurations(
                                        ListMisconfigurationsRequest.getDefaultInstance()))
                .isEqualTo(ListMisconfigurationsResponse.getDefaultInstance());

        SERVICE.postgres().execute("UPDATE scope_reading SET not_read = 'the account has left'");
        assertThat(posture().getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_UNKNOWN);
        assertThat(posture().getItemsList())
                .allSatisfy(each -> assertThat(each.getDetail()).isEqualTo("the account has left"));
    }

    @Test
    void accountIsReadWhileOneOfItsReadingsIs() {
        readReport();
        SERVICE.postgres()
                .execute(
                        "INSERT INTO scope_reading (partition, account_id, region, resource_type,"
                                + " not_read) SELECT partition, account_id, 'zz-last-1',"
                                + " resource_type, 'the account has left' FROM scope_reading");
        assertThat(posture().getVerdict()).isEqualTo(PostureVerdict.POSTURE_VERDICT_DENY);
        assertThat(item("root-mfa").getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
    }

    private void readReport() {
        read();
        pass(Duration.ofSeconds(3));
        read();
    }

    /** As the service does when it is due. */
    private void read() {
        SANDBOX.makeDue();
        new AccountFactReader(
                        source,
                        SERVICE.bean(AccountFactStore.class),
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        TestClock.CLOCK)
                .read(AssetSets.accountFacts(List.of(SCOPE)).getFirst());
    }

    private static void pass(Duration time) {
        SANDBOX.control().advance(time);
        TestClock.CLOCK.advance(time);
    }

    /** Every attempt of the next call. */
    private static void fail(String operation, String kind) {
        SANDBOX.control()
                .planFault(
                        kind.equals("throttle")
                                ? Map.of("operation", operation, "kind", kind, "times", 4)
                                : Map.of(
                                        "operation",
                                        operation,
                                        "kind",
                                        kind,
                                        "code",
                                        "AccessDenied",
                                        "status",
                                        403,
                                        "message",
                                        "planned",
                                        "times",
                                        4));
    }

    private static Posture posture() {
        return ask(ACCOUNT, ACCOUNT);
    }

    private static Posture ask(String account, String visible) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin(visible))
                .getAccountPosture(
                        GetAccountPostureRequest.newBuilder().setAccountId(account).build());
    }

    private static PostureItem item(String check) {
        return posture().getItemsList().stream()
                .filter(each -> each.getCheck().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static Misconfiguration found(String checkAndId) {
        return list(ListMisconfigurationsRequest.getDefaultInstance())
                .getMisconfigurationsList()
                .stream()
                .filter(each -> (each.getCheck() + " " + each.getNativeId()).equals(checkAndId))
                .findFirst()
                .orElseThrow();
    }

    private static List<UnreadAssets> unread(String type) {
        return list(ListMisconfigurationsRequest.getDefaultInstance()).getUnreadList().stream()
                .filter(each -> each.getResourceType().equals(type))
                .toList();
    }

    private static ListMisconfigurationsResponse list(ListMisconfigurationsRequest request) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listMisconfigurations(request);
    }
}
