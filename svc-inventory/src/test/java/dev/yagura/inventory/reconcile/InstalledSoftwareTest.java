package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.organization.AccountStore;
import dev.yagura.inventory.organization.OrganizationConfig;
import dev.yagura.inventory.software.SoftwareReadings;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.InstalledSoftware;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.sandbox.ssm.Application;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From what SSM agents of the sandbox reported to what the API says is installed where. */
class InstalledSoftwareTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final String DATABASE = "i-02d59893435baed09";
    private static final String UNMANAGED = "i-0aaaaaaaaaaaaaa01";
    private static final String LIST = "ssm:ListInventoryEntries";
    private static final SoftwareReadings SOFTWARE = new SoftwareReadings(SERVICE);

    @BeforeEach
    void readInstances() {
        SandboxAccount.setClock();
        assertThat(SANDBOX.read(SandboxAccount.INSTANCE)).isEqualTo(ScopeReader.Outcome.COMPLETE);
    }

    @Test
    void saysWhatAHostHasAndWhoHasAPackageAndOfWhomThatIsNotKnown() {
        assertThat(SOFTWARE.read(SANDBOX.cloud().clients(), SandboxAccount.SCOPE))
                .as("before it is known what is managed")
                .isFalse();
        assertThat(of(WEB).getProblem()).contains("was not read so far");
        readAll();
        ListInstalledSoftwareResponse web = of(WEB);
        assertThat(web.getProblem()).isEmpty();
        assertThat(web.hasUnsure()).isFalse();
        assertThat(names(web))
                .containsExactly("amazon-ssm-agent", "bash", "nginx", "openssl", "xz");
        InstalledSoftware xz = web.getSoftware(4);
        assertThat(xz.getVersion()).isEqualTo("5.2.5");
        assertThat(xz.getRelease()).isEqualTo("9.amzn2023.0.2");
        assertThat(xz.getArchitecture()).isEqualTo("x86_64");
        assertThat(xz.getPublisher()).isEqualTo("Amazon Linux");
        assertThat(xz.getScope()).isEqualTo(SandboxAccount.SCOPE);
        assertThat(xz.getAsset()).isEqualTo(name(WEB));
        assertThat(xz.hasInstallTime()).isTrue();
        assertThat(xz.getCaptureTime().getSeconds())
                .isBetween(
                        TestClock.CLOCK.instant().getEpochSecond() - 1800,
                        TestClock.CLOCK.instant().getEpochSecond());

        TestClock.CLOCK.advance(Duration.ofMinutes(1)); // since hosts in doubt were last counted
        ListInstalledSoftwareResponse all = list(request().setName("XZ").setVersion("5.2.5"));
        assertThat(hosts(all)).containsExactlyInAnyOrder(WEB, APP);
        assertThat(all.getUnsure().getUnknown()).isEqualTo(SandboxCloud.INSTANCES - 2);
        assertThat(all.getUnsure().getOutdated()).isZero();
        assertThat(hosts(list(request().setName("xz").setVersion("5.6.1")))).isEmpty();
        assertThat(hosts(list(request().setName("nginx").setAsset(name(APP))))).isEmpty();
        assertThat(of(DATABASE).getProblem()).contains("AWS-GatherSoftwareInventory");
        assertThat(of(UNMANAGED).getProblem()).contains("does not manage the host");

        TestClock.CLOCK.advance(Duration.ofHours(25));
        assertThat(list(request().setName("xz")).getUnsure().getOutdated()).isEqualTo(2);
        assertThat(of(WEB).getProblem()).contains("more than a day ago");
    }

    @Test
    void hostsOfOneImageShareTheirListAndAnUnchangedOneIsOneCall() {
        List<Application> image = packages(120, "2026-03-01T08:00:00Z");
        SANDBOX.control().setSoftware(WEB, image, Duration.ofMinutes(5));
        SANDBOX.control()
                .setSoftware(APP, packages(120, "2026-04-01T08:00:00Z").reversed(), Duration.ZERO);
        readAll();
        assertThat(rows("software_list")).isEqualTo(1);
        assertThat(rows("software_entry")).isEqualTo(120);
        assertThat(of(WEB).getSoftware(0).getInstallTime())
                .isNotEqualTo(of(APP).getSoftware(0).getInstallTime());

        long before = calls();
        assertThat(read()).as("within the hour").isFalse();
        TestClock.CLOCK.advance(Duration.ofHours(1));
        assertThat(read()).isTrue();
        assertThat(calls() - before).as("a call for each of three hosts").isEqualTo(3);
        assertThat(of(WEB).getSoftwareList()).hasSize(100);
    }

    @Test
    void pagesHaveEveryLineOnceAndTheirTokensBelongToTheirRequest() {
        SANDBOX.control().setSoftware(WEB, packages(23, "2026-03-01T08:00:00Z"), Duration.ZERO);
        SANDBOX.control()
                .setSoftware(
                        APP,
                        Stream.of("2", "10", "3")
                                .map(release -> application("P1", "1", release))
                                .toList(),
                        Duration.ZERO);
        readAll();
        assertThat(everyPage(request().setAsset(name(WEB)).setPageSize(5)))
                .hasSize(23)
                .doesNotHaveDuplicates();
        List<InstalledSoftware> found = everyPage(request().setName("p1").setPageSize(1));
        assertThat(found).hasSize(4).doesNotHaveDuplicates();
        assertThat(found).isEqualTo(list(request().setName("p1").setPageSize(4)).getSoftwareList());

        String token = list(request().setName("p1").setPageSize(1)).getNextPageToken();
        refused(request().setName("p2").setPageToken(token), "page_token");
        refused(request(), "name: is empty, and so is asset");
        refused(request().setAsset(name(WEB)).setVersion("1"), "version: is given without a name");
        refused(request().setName("n".repeat(257)), "name: is longer");
        refused(request().setName("xz").setPageSize(-1), "page_size");
        refused(request().setAsset("web-1"), "asset: ");
    }

    @Test
    void nobodySeesHostsOfOtherAccounts() {
        readAll();
        var stub = AssetServiceGrpc.newBlockingStub(SERVICE.admin("999999999999"));
        ListInstalledSoftwareResponse other =
                stub.listInstalledSoftware(request().setName("xz").build());
        assertThat(other.getSoftwareList()).isEmpty();
        assertThat(other.getUnsure().getUnknown()).isZero();
        assertThatThrownBy(() -> stub.listInstalledSoftware(request().setAsset(name(WEB)).build()))
                .hasMessageContaining("NOT_FOUND");
    }

    @Test
    void readingThatFailsIsNamedAndWhatIsKnownStays() {
        fail(1000);
        readAll();
        assertThat(of(WEB).getProblem()).contains("could not be read", "planned");
        assertThat(calls()).as("it is not the hosts that fail").isEqualTo(3);
        SANDBOX.control().clearFaults();

        fail(1);
        TestClock.CLOCK.advance(Duration.ofMinutes(5));
        read();
        assertThat(Stream.of(WEB, APP, DATABASE).filter(id -> of(id).getProblem().isEmpty()))
                .as("one that fails holds up no other")
                .hasSizeBetween(0, 2);
        assertThat(rows("software_host")).isEqualTo(2);
        TestClock.CLOCK.advance(Duration.ofMinutes(5));
        read();
        assertThat(rows("software_host")).isEqualTo(3);
        assertThat(of(WEB).getProblem()).isEmpty();

        fail(1000);
        TestClock.CLOCK.advance(Duration.ofHours(1));
        read();
        assertThat(of(WEB).getSoftwareList()).hasSize(5);
        assertThat(of(WEB).getProblem()).startsWith("the last reading failed: ");
    }

    @Test
    void softwareThatIsRemovedAndHostsThatAreGoneAreNotListed() throws Exception {
        readAll();
        SANDBOX.control().setSoftware(WEB, List.of(application("bash", "5.2", "1")), Duration.ZERO);
        SANDBOX.control().freezeClock();
        SANDBOX.control().terminate(APP);
        SANDBOX.control().advance(Duration.ofMinutes(1));
        TestClock.CLOCK.advance(Duration.ofHours(1));
        SANDBOX.makeDue();
        SANDBOX.read(SandboxAccount.INSTANCE);
        assertThat(names(of(WEB))).as("until it is read").contains("xz");
        assertThat(hosts(list(request().setName("xz")))).containsExactly(WEB);
        assertThat(of(APP).getProblem()).contains("is gone");
        assertThat(of(APP).getSoftwareList()).isEmpty();

        readAll();
        assertThat(names(of(WEB))).containsExactly("bash");
        assertThat(hosts(list(request().setName("xz")))).isEmpty();
        assertThat(rows("software_host")).as("web-1 and db-1").isEqualTo(2);
        assertThat(rows("software_installation")).as("told of none of them").isZero();

        SANDBOX.control().forgetSoftware(WEB);
        TestClock.CLOCK.advance(Duration.ofHours(1));
        runJob();
        assertThat(rows("software_list")).as("for a day").isEqualTo(3);
        TestClock.CLOCK.advance(Duration.ofDays(1));
        runJob();
        assertThat(rows("software_list") + rows("software_entry")).isZero();
        assertThat(of(WEB).getSoftwareList()).isEmpty();
        assertThat(of(WEB).getProblem()).contains("has nothing of the host");
    }

    private static void readAll() {
        SANDBOX.readNodes();
        assertThat(read()).isTrue();
    }

    private static boolean read() {
        return SOFTWARE.read(SANDBOX.cloud().clients(), SandboxAccount.SCOPE);
    }

    private static void runJob() throws Exception {
        SOFTWARE.once(
                SANDBOX.cloud().clients(),
                new ReadScopes(
                        List.of(SandboxAccount.SCOPE),
                        new OrganizationConfig(Optional.empty(), List.of()),
                        SERVICE.bean(AccountStore.class)));
    }

    private static void fail(int times) {
        SANDBOX.control()
                .planFault(
                        Map.of(
                                "operation",
                                LIST,
                                "kind",
                                "error",
                                "code",
                                "AccessDeniedException",
                                "status",
                                400,
                                "times",
                                times));
    }

    private static long calls() {
        return SANDBOX.control().journal(0).stream()
                .filter(entry -> entry.operation().equals(LIST))
                .count();
    }

    private static long rows(String table) {
        return SERVICE.postgres()
                .transactions()
                .query(connection -> {
                    try (Statement count = connection.createStatement();
                            ResultSet row = count.executeQuery("SELECT count(*) FROM " + table)) {
                        row.next();
                        return row.getLong(1);
                    }
                });
    }

    private static List<Application> packages(int count, String installed) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new Application("p" + i, "1." + i, "1", "x86_64", "Amazon", installed))
                .toList();
    }

    private static Application application(String name, String version, String release) {
        return new Application(name, version, release, "x86_64", "Amazon", null);
    }

    private static List<InstalledSoftware> everyPage(ListInstalledSoftwareRequest.Builder request) {
        List<InstalledSoftware> all = new ArrayList<>();
        HashSet<String> tokens = new HashSet<>();
        String token = "";
        do {
            ListInstalledSoftwareResponse page = list(request.setPageToken(token));
            all.addAll(page.getSoftwareList());
            token = page.getNextPageToken();
            assertThat(tokens.add(token)).isTrue();
        } while (!token.isEmpty());
        return all;
    }

    private static void refused(ListInstalledSoftwareRequest.Builder request, String why) {
        assertThatThrownBy(() -> list(request))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining(why);
    }

    private static ListInstalledSoftwareResponse of(String instance) {
        return list(request().setAsset(name(instance)));
    }

    private static ListInstalledSoftwareRequest.Builder request() {
        return ListInstalledSoftwareRequest.newBuilder();
    }

    private static ListInstalledSoftwareResponse list(
            ListInstalledSoftwareRequest.Builder request) {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listInstalledSoftware(request.build());
    }

    private static String name(String instance) {
        return "assets/" + Asset.id(SandboxAccount.SCOPE, Asset.INSTANCE, instance);
    }

    private static List<String> names(ListInstalledSoftwareResponse answer) {
        return answer.getSoftwareList().stream().map(InstalledSoftware::getName).toList();
    }

    private static List<String> hosts(ListInstalledSoftwareResponse answer) {
        return answer.getSoftwareList().stream().map(InstalledSoftware::getNativeId).toList();
    }
}
