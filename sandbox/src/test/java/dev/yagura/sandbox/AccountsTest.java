package dev.yagura.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Several accounts and regions in one sandbox. */
class AccountsTest {
    private static final String SHOP = "222233334444";
    private static final String LABORATORY = "333344445555";
    private static final Region TOKYO = Region.AP_NORTHEAST_1;
    private static final Region IRELAND = Region.EU_WEST_1;

    @RegisterExtension
    static final SandboxExtension SANDBOX =
            new SandboxExtension(
                    new SandboxOptions(InetAddress.getLoopbackAddress(), 0, Optional.of(seed())),
                    Clock.systemUTC());

    @Test
    void roleOfAnotherAccountIsEnteredWithItsExternalIdOnly() {
        refused(() -> enter(SHOP, "YaguraInventory", null), "AccessDenied");
        refused(() -> enter(SHOP, "YaguraInventory", "other"), "AccessDenied");
        refused(() -> enter("999999999999", "YaguraInventory", "yagura-sandbox"), "AccessDenied");
        AwsCredentials session = enter(SHOP, "YaguraInventory", "yagura-sandbox");
        try (StsClient sts = SANDBOX.sts(session)) {
            assertThat(sts.getCallerIdentity())
                    .satisfies(
                            caller -> assertThat(caller.account()).isEqualTo(SHOP),
                            caller ->
                                    assertThat(caller.arn())
                                            .isEqualTo(
                                                    "arn:aws:sts::%s:assumed-role/YaguraInventory/test"
                                                            .formatted(SHOP)));
        }
        List<Instance> own = instances(SandboxExtension.OPERATOR, TOKYO);
        List<Instance> entered = instances(session, TOKYO);
        assertThat(own).hasSize(3);
        assertThat(entered).hasSize(2).doesNotContainAnyElementsOf(own);
        assertThat(ids(instances(session, IRELAND)))
                .hasSize(2)
                .doesNotContainAnyElementsOf(ids(entered));
        // Only who may do everything in the first account may do so in the others.
        assertThat(ids(instances(admin(SHOP), IRELAND))).hasSize(2);
    }

    @Test
    void regionThatTheAccountDoesNotHaveRefusesItsKeys() {
        AwsCredentials laboratory = admin(LABORATORY);
        try (Ec2Client ec2 = SANDBOX.client(Ec2Client.builder(), laboratory, IRELAND);
                ConfigClient config = SANDBOX.client(ConfigClient.builder(), laboratory, IRELAND);
                StsClient sts = SANDBOX.client(StsClient.builder(), laboratory, IRELAND);
                Ec2Client here = SANDBOX.ec2(laboratory);
                Ec2Client shop = SANDBOX.ec2(admin(SHOP))) {
            refused(ec2::describeInstances, "AuthFailure");
            refused(config::describeConfigurationRecorders, "UnrecognizedClientException");
            assertThat(sts.getCallerIdentity().account()).isEqualTo(LABORATORY);
            assertThat(regions(here)).containsExactly("ap-northeast-1");
            assertThat(regions(shop)).containsExactly("ap-northeast-1", "eu-west-1");
            refused(
                    () -> here.describeRegions(r -> r.regionNames("eu-west-1")),
                    "InvalidParameterValue");
        }
    }

    @Test
    void accountIsOneDirectoryForAllItsRegions() {
        try (IamClient iam = SANDBOX.iam(admin(SHOP))) {
            assertThat(iam.getRole(r -> r.roleName("YaguraInventory")).role().arn())
                    .isEqualTo("arn:aws:iam::%s:role/YaguraInventory".formatted(SHOP));
            refused(() -> iam.getRole(r -> r.roleName("shop-reports")), "NoSuchEntity");
        }
    }

    @Test
    void organizationListsItsAccountsInPagesToTheOneThatManages() {
        for (int i = 0; i < 20; i++) {
            SANDBOX.control().account("%012d".formatted(500_000_000_000L + i)).add("more", 0);
        }
        SANDBOX.control().account(SHOP).suspend();
        SANDBOX.control().account(LABORATORY).leave();
        try (OrganizationsClient organizations = organizations(SandboxExtension.OPERATOR);
                OrganizationsClient entered = organizations(admin("500000000000"))) {
            List<Account> first = organizations.listAccounts().accounts();
            assertThat(first).hasSize(20);
            assertThat(organizations.listAccounts().nextToken()).isNotEmpty();
            List<Account> all =
                    organizations.listAccountsPaginator(r -> r.maxResults(7)).stream()
                            .flatMap(page -> page.accounts().stream())
                            .toList();
            assertThat(all).hasSize(22).extracting(Account::id).doesNotContain(LABORATORY);
            assertThat(all)
                    .filteredOn(each -> !each.stateAsString().equals("ACTIVE"))
                    .extracting(Account::id, Account::stateAsString, Account::statusAsString)
                    .containsExactly(tuple(SHOP, "SUSPENDED", "SUSPENDED"));
            refused(
                    () -> organizations.listAccounts(r -> r.nextToken("made-up")),
                    "InvalidInputException");
            refused(entered::listAccounts, "AccessDeniedException");
            assertThat(entered.describeOrganization().organization().masterAccountId())
                    .isEqualTo(Seeded.ACCOUNT);
        }
    }

    @Test
    void accountThatIsAloneIsInNoOrganization() {
        try (SandboxExtension alone =
                        new SandboxExtension(SandboxOptions.anyPort(), Clock.systemUTC());
                OrganizationsClient organizations =
                        alone.client(
                                OrganizationsClient.builder(),
                                SandboxExtension.OPERATOR,
                                Region.AWS_GLOBAL)) {
            refused(organizations::listAccounts, "AWSOrganizationsNotInUseException");
            alone.control().account(SHOP).add("shop", 1);
            assertThat(organizations.listAccounts().accounts()).hasSize(2);
        }
    }

    @Test
    void accountThatNobodyMayEnterOrThatFailsOrIsSuspendedSaysSo() {
        AwsCredentials before = admin(SHOP);
        SANDBOX.control().account(SHOP).denyEntry();
        refused(() -> admin(SHOP), "AccessDenied");
        assertThat(instances(before, TOKYO)).hasSize(2);
        SANDBOX.control().account(SHOP).fail();
        refused(() -> instances(before, TOKYO), "ServiceUnavailable");
        assertThat(instances(SandboxExtension.OPERATOR, TOKYO)).hasSize(3);
        SANDBOX.control().account(SHOP).suspend();
        refused(() -> instances(before, TOKYO), "AuthFailure");
        refused(() -> admin(SHOP), "AccessDenied");
        SANDBOX.control().account(SHOP).restore();
        assertThat(instances(admin(SHOP), TOKYO)).hasSize(2);
    }

    @Test
    void controlOfAnAccountAndRegionTouchesNoOther() {
        AwsCredentials shop = admin(SHOP);
        SandboxClient there = SANDBOX.control().at(SHOP, "eu-west-1");
        there.recorder().stop();
        there.throttle("ec2:DescribeInstances", 1);
        assertThat(isRecording(shop, TOKYO)).isTrue();
        assertThat(isRecording(shop, IRELAND)).isFalse();
        assertThat(instances(shop, TOKYO)).hasSize(2);
        refused(() -> instances(shop, IRELAND), "RequestLimitExceeded");
        there.terminate(ids(instances(shop, IRELAND)).getFirst());
        assertThat(instances(shop, IRELAND))
                .extracting(i -> i.state().nameAsString())
                .containsExactlyInAnyOrder("shutting-down", "running");
        assertThat(there.journal(0))
                .extracting(JournalEntry::operation)
                .containsOnly(
                        "ec2:DescribeInstances", "config:DescribeConfigurationRecorderStatus");
        assertThat(SANDBOX.control().journal(0))
                .extracting(JournalEntry::place)
                .extracting(place -> place.account() + " " + place.region())
                .contains(
                        SHOP + " ap-northeast-1",
                        SHOP + " eu-west-1",
                        Seeded.ACCOUNT + " ap-northeast-1");
        SANDBOX.control().reset();
        assertThat(isRecording(admin(SHOP), IRELAND)).isTrue();
    }

    private static boolean isRecording(AwsCredentials credentials, Region region) {
        try (ConfigClient config = SANDBOX.client(ConfigClient.builder(), credentials, region)) {
            return config.describeConfigurationRecorderStatus()
                    .configurationRecordersStatus()
                    .getFirst()
                    .recording();
        }
    }

    private static List<Instance> instances(AwsCredentials credentials, Region region) {
        try (Ec2Client ec2 = SANDBOX.client(Ec2Client.builder(), credentials, region)) {
            return ec2.describeInstances().reservations().stream()
                    .flatMap(each -> each.instances().stream())
                    .toList();
        }
    }

    private static List<String> ids(List<Instance> instances) {
        return instances.stream().map(Instance::instanceId).toList();
    }

    private static List<String> regions(Ec2Client ec2) {
        return ec2.describeRegions().regions().stream().map(each -> each.regionName()).toList();
    }

    private static OrganizationsClient organizations(AwsCredentials credentials) {
        return SANDBOX.client(OrganizationsClient.builder(), credentials, Region.AWS_GLOBAL);
    }

    private static AwsCredentials admin(String account) {
        return assume(SandboxExtension.OPERATOR, account, "OrganizationAccountAccessRole", null);
    }

    private static AwsCredentials enter(String account, String role, @Nullable String externalId) {
        return assume(SandboxExtension.YAGURA, account, role, externalId);
    }

    private static AwsCredentials assume(
            AwsCredentials by, String account, String role, @Nullable String externalId) {
        try (StsClient sts = SANDBOX.sts(by)) {
            Credentials keys =
                    sts.assumeRole(r ->
                                    r.roleArn("arn:aws:iam::%s:role/%s".formatted(account, role))
                                            .roleSessionName("test")
                                            .externalId(externalId))
                            .credentials();
            return AwsSessionCredentials.create(
                    keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
        }
    }

    private static void refused(ThrowingCallable call, String code) {
        assertThatExceptionOfType(AwsServiceException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private static Path seed() {
        try (InputStream in =
                SandboxServer.class.getResourceAsStream("/dev/yagura/sandbox/seed.yaml")) {
            Path file = Files.createTempFile("accounts", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            + """

                            organization:
                              regions: [eu-west-1]
                              instances: 2
                              accounts:
                                - {id: "222233334444", name: shop}
                                - {id: "333344445555", name: laboratory, regions: [ap-northeast-1]}
                            """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
