package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.control.RecorderClient;
import dev.yagura.sandbox.wire.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.config.model.BaseConfigurationItem;
import software.amazon.awssdk.services.config.model.ConfigurationItem;
import software.amazon.awssdk.services.config.model.ConfigurationItemStatus;
import software.amazon.awssdk.services.config.model.ConfigurationRecorderStatus;
import software.amazon.awssdk.services.config.model.RecorderStatus;
import software.amazon.awssdk.services.config.model.ResourceIdentifier;
import software.amazon.awssdk.services.config.model.ResourceKey;
import software.amazon.awssdk.services.config.model.SelectResourceConfigResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** AWS Config: what is asked, what is told, and what the recorder misses. */
class ConfigTest {
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String INSTANCES =
            "SELECT resourceId, configuration WHERE resourceType = 'AWS::EC2::Instance'";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static ConfigClient config;

    private final RecorderClient recorder = SANDBOX.control().recorder();

    @BeforeAll
    static void open() {
        config =
                SANDBOX.client(
                        ConfigClient.builder(),
                        SandboxExtension.OPERATOR,
                        Region.of(Seeded.REGION));
    }

    @AfterAll
    static void close() {
        config.close();
    }

    @Test
    void tellsAnInstanceWithWhatItIsRelatedTo() {
        SelectResourceConfigResponse answer =
                select(
                        "select resourceId, resourceType, accountId, awsRegion, arn,"
                                + " availabilityZone, tags, relationships, configuration,"
                                + " configurationItemCaptureTime, configurationItemStatus,"
                                + " resourceCreationTime, resourceName"
                                + " where resourceType IN ('AWS::EC2::Instance', 'AWS::EC2::VPC')"
                                + " AND resourceId = '"
                                + Seeded.APP
                                + "'");

        assertThat(answer.queryInfo().selectFields()).hasSize(13);
        assertThat(answer.results()).hasSize(1);
        JsonNode app = json(answer.results().getFirst());
        assertThat(app.path("arn").asText())
                .isEqualTo("arn:aws:ec2:ap-northeast-1:111122223333:instance/" + Seeded.APP);
        assertThat(app.path("awsRegion").asText()).isEqualTo(Seeded.REGION);
        assertThat(app.path("accountId").asText()).isEqualTo(Seeded.ACCOUNT);
        assertThat(app.path("configurationItemStatus").asText()).isEqualTo("ResourceDiscovered");
        assertThat(Instant.parse(app.path("configurationItemCaptureTime").asText())).isNotNull();
        assertThat(app.has("resourceName")).isFalse();
        assertThat(app.path("tags").findValuesAsText("tag")).contains("Name=app-1");
        assertThat(relationships(app))
                .contains(
                        "Contains NetworkInterface " + Seeded.APP_FRONT_ENI,
                        "Contains NetworkInterface " + Seeded.APP_BACK_ENI,
                        "Is associated with SecurityGroup " + Seeded.APP_BACK_GROUP,
                        "Is contained in Vpc " + Seeded.VPC)
                .anyMatch(each -> each.startsWith("Is attached to Volume vol-"))
                .anyMatch(each -> each.startsWith("Is contained in Subnet subnet-"));
        JsonNode configuration = app.path("configuration");
        assertThat(configuration.path("instanceId").asText()).isEqualTo(Seeded.APP);
        assertThat(configuration.at("/state/name").asText()).isEqualTo("running");
        assertThat(configuration.path("networkInterfaces")).hasSize(2);
        assertThat(configuration.at("/iamInstanceProfile/arn").asText())
                .endsWith("instance-profile/app-instance");
    }

    @Test
    void tellsTheOtherResourcesOfTheAccount() {
        JsonNode volume = only("AWS::EC2::Volume", "configuration, relationships");
        assertThat(volume.at("/configuration/encrypted").isBoolean()).isTrue();
        assertThat(relationships(volume)).anyMatch(e -> e.startsWith("Is attached to Instance i-"));
        JsonNode eni = only("AWS::EC2::NetworkInterface", "configuration, relationships");
        assertThat(eni.at("/configuration/groups/0/groupName").asText()).isNotBlank();
        JsonNode group = only("AWS::EC2::SecurityGroup", "configuration").path("configuration");
        assertThat(group.has("ipPermissions")).isTrue();
        assertThat(group.has("ipPermissionsEgress")).isTrue();
        assertThat(relationships(only("AWS::EC2::Subnet", "relationships")))
                .containsExactly("Is contained in Vpc " + Seeded.VPC);
        assertThat(only("AWS::EC2::VPC", "configuration").at("/configuration/cidrBlock").asText())
                .isEqualTo("10.20.0.0/16");
        JsonNode role = only("AWS::IAM::Role", "resourceName, awsRegion, configuration");
        assertThat(role.path("awsRegion").asText()).isEqualTo("global");
        assertThat(role.at("/configuration/roleName")).isEqualTo(role.path("resourceName"));
        assertThat(only("AWS::S3::Bucket", "arn").path("arn").asText())
                .isEqualTo("arn:aws:s3:::yagura-triage");
        JsonNode scaling =
                only("AWS::AutoScaling::AutoScalingGroup", "resourceName, configuration");
        assertThat(scaling.at("/configuration/maxSize").asInt()).isEqualTo(4);
        assertThat(scaling.path("resourceName").asText()).isEqualTo("web-asg");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        for (String expression :
                List.of(
                        "SELECT * WHERE resourceType = 'AWS::EC2::Instance'",
                        "SELECT resourceId",
                        "SELECT resourceId, COUNT(*) WHERE resourceType = 'x'",
                        "SELECT colour WHERE resourceType = 'x'",
                        "SELECT resourceId WHERE resourceType = x",
                        "SELECT resourceId WHERE resourceType = 'x' OR resourceType = 'y'",
                        "SELECT resourceId WHERE resourceType IN ('x'",
                        "SELECT resourceId WHERE availabilityZone = 'x'",
                        "SELECT resourceId WHERE resourceType = 'x' ORDER BY accountId",
                        "SELECT resourceId WHERE resourceType = 'x' ORDER BY resourceId",
                        "SELECT resourceId WHERE resourceType = 'x")) {
            refused(() -> select(expression), "InvalidExpressionException");
        }
        String long4096 = INSTANCES + " ".repeat(4096 - INSTANCES.length());
        assertThat(select(long4096).results()).hasSize(3);
        refused(() -> select(long4096 + " "), "ValidationException");
        refused(
                () -> config.selectResourceConfig(r -> r.expression(INSTANCES).limit(101)),
                "InvalidLimitException");
        refused(
                () -> config.selectResourceConfig(r -> r.expression(INSTANCES).nextToken("x")),
                "InvalidNextTokenException");
        refused(() -> batch(Collections.nCopies(101, key(Seeded.WEB))), "ValidationException");
        refused(() -> history("i-00000000000000000"), "ResourceNotDiscoveredException");
        refused(
                () ->
                        config.describeConfigurationRecorders(
                                r -> r.configurationRecorderNames("other")),
                "NoSuchConfigurationRecorderException");
    }

    @Test
    void aHundredThousandResourcesAreToldOnceEach() {
        recorder.plant(INSTANCE, 100_000);
        recorder.deletePlanted(INSTANCE, "i-00000000000000007");
        assertThatThrownBy(() -> recorder.deletePlanted(INSTANCE, "i-00000000000000007"))
                .hasMessageContaining("404");

        Set<String> ids = new HashSet<>();
        int pages = 0;
        String token = null;
        do {
            SelectResourceConfigResponse page = page(100, token);
            page.results().forEach(each -> ids.add(json(each).path("resourceId").asText()));
            token = page.nextToken();
            pages++;
        } while (token != null);

        assertThat(ids).hasSize(100_002).contains(Seeded.WEB, "i-000000000000186a0");
        assertThat(pages).isEqualTo(1001);
        assertThat(page(0, null).results()).as("the standard").hasSize(25);
    }

    @Test
    void aTokenIsGoodForItsOwnQueryOnly() {
        recorder.plant("AWS::EC2::Volume", 30);
        String token = config.selectResourceConfig(r -> r.expression(volumes("arn"))).nextToken();

        assertThat(token).isNotNull();
        refused(
                () ->
                        config.selectResourceConfig(
                                r -> r.expression(volumes("tags")).nextToken(token)),
                "InvalidNextTokenException");
    }

    @Test
    void whatIsDeletedIsInTheHistoryOnly() {
        SANDBOX.control().advance(Duration.ofMinutes(1));
        SANDBOX.control().terminate(Seeded.DB);
        assertThat(configurationOf(Seeded.DB).at("/state/name").asText())
                .isEqualTo("shutting-down");
        Instant now = SANDBOX.control().advance(Duration.ofMinutes(1));

        assertThat(instanceIds()).containsExactlyInAnyOrder(Seeded.WEB, Seeded.APP);
        assertThat(batch(List.of(key(Seeded.DB)))).isEmpty();
        assertThat(listed(false)).extracting(ResourceIdentifier::resourceId).hasSize(2);
        assertThat(listed(true))
                .filteredOn(each -> each.resourceId().equals(Seeded.DB))
                .singleElement()
                .satisfies(each -> assertThat(each.resourceDeletionTime()).isBefore(now));
        List<ConfigurationItem> history = history(Seeded.DB);
        assertThat(history)
                .extracting(ConfigurationItem::configurationItemStatus)
                .containsExactly(
                        ConfigurationItemStatus.RESOURCE_DELETED,
                        ConfigurationItemStatus.OK,
                        ConfigurationItemStatus.RESOURCE_DISCOVERED);
        assertThat(history.getFirst().configuration()).isNull();
        assertThat(history.getLast().tags()).containsEntry("Name", "db-1");
        assertThat(history.getLast().relationships())
                .anyMatch(each -> each.relationshipName().equals("Is contained in Vpc"));
        assertThat(history)
                .extracting(ConfigurationItem::configurationItemCaptureTime)
                .isSortedAccordingTo(Collections.reverseOrder())
                .doesNotHaveDuplicates();
        String token =
                config.getResourceConfigHistory(
                                r -> r.resourceType(INSTANCE).resourceId(Seeded.DB).limit(2))
                        .nextToken();
        assertThat(
                        config.getResourceConfigHistory(r ->
                                        r.resourceType(INSTANCE)
                                                .resourceId(Seeded.DB)
                                                .limit(2)
                                                .nextToken(token))
                                .configurationItems())
                .containsExactly(history.getLast());
    }

    @Test
    void aChangeOfWhatIsAttachedIsOneOfTheInstanceToo() {
        SANDBOX.ec2()
                .modifyNetworkInterfaceAttribute(
                        r -> r.networkInterfaceId(Seeded.WEB_ENI).groups(Seeded.DEFAULT_GROUP));

        for (ConfigurationItem newest :
                List.of(
                        history(Seeded.WEB).getFirst(),
                        history("AWS::EC2::NetworkInterface", Seeded.WEB_ENI).getFirst())) {
            assertThat(newest.configurationItemStatus()).isEqualTo(ConfigurationItemStatus.OK);
            assertThat(newest.relationships())
                    .filteredOn(each -> each.resourceTypeAsString().endsWith("SecurityGroup"))
                    .singleElement()
                    .matches(each -> each.resourceId().equals(Seeded.DEFAULT_GROUP));
        }
        assertThat(history(Seeded.APP)).hasSize(1);

        SANDBOX.control().terminate(Seeded.WEB);
        SANDBOX.control().deleteRole("audit");
        SANDBOX.control().advance(Duration.ofMinutes(1));

        assertThat(history("AWS::EC2::NetworkInterface", Seeded.WEB_ENI).getFirst())
                .matches(each -> each.configurationItemStatusAsString().equals("ResourceDeleted"));
        assertThat(select("SELECT resourceName WHERE resourceType = 'AWS::IAM::Role'").results())
                .isNotEmpty()
                .noneMatch(each -> each.contains("audit"));
    }

    @Test
    void whileItIsStoppedNothingIsNoticed() {
        assertThat(status().recording()).isTrue();
        assertThat(status().lastStatus()).isEqualTo(RecorderStatus.SUCCESS);
        recorder.stop();
        SANDBOX.control().terminate(Seeded.DB);
        SANDBOX.control().advance(Duration.ofMinutes(1));

        assertThat(status().recording()).isFalse();
        assertThat(status().lastStopTime()).isNotNull();
        assertThat(instanceIds()).contains(Seeded.DB);
        assertThat(configurationOf(Seeded.DB).at("/state/name").asText()).isEqualTo("running");

        recorder.start();

        assertThat(instanceIds()).doesNotContain(Seeded.DB);
        recorder.fail(true);
        SANDBOX.control().terminate(Seeded.APP);
        SANDBOX.control().advance(Duration.ofMinutes(1));
        assertThat(status().lastStatus()).isEqualTo(RecorderStatus.FAILURE);
        assertThat(status().lastErrorCode()).isEqualTo("AccessDenied");
        assertThat(instanceIds()).contains(Seeded.APP);
    }

    @Test
    void whatIsNotRecordedIsNotGone() {
        recorder.recordOnly("AWS::EC2::Volume");

        assertThat(
                        config.describeConfigurationRecorders()
                                .configurationRecorders()
                                .getFirst()
                                .recordingGroup())
                .matches(group -> !group.allSupported())
                .matches(group ->
                        group.resourceTypesAsStrings().equals(List.of("AWS::EC2::Volume")));
        assertThat(instanceIds()).isEmpty();
        assertThat(listed(false)).hasSize(3);
        assertThat(history(Seeded.WEB).getFirst().configurationItemStatus())
                .isEqualTo(ConfigurationItemStatus.RESOURCE_NOT_RECORDED);
        SANDBOX.control().terminate(Seeded.DB);
        SANDBOX.control().advance(Duration.ofMinutes(1));
        assertThat(history(Seeded.DB).getFirst().configurationItemStatus())
                .isEqualTo(ConfigurationItemStatus.RESOURCE_DELETED_NOT_RECORDED);

        recorder.recordOnly();

        assertThat(instanceIds()).containsExactlyInAnyOrder(Seeded.WEB, Seeded.APP);
        assertThat(
                        config.describeConfigurationRecorders()
                                .configurationRecorders()
                                .getFirst()
                                .recordingGroup()
                                .allSupported())
                .isTrue();
    }

    @Test
    void aChangeIsToldAfterTheLag() {
        recorder.lagBy(Duration.ofMinutes(10));
        SANDBOX.ec2().createTags(r -> r.resources(Seeded.WEB).tags(t -> t.key("k").value("v")));
        assertThat(history(Seeded.WEB)).hasSize(1);
        Instant changed = SANDBOX.control().advance(Duration.ofMinutes(9)).minusSeconds(540);
        assertThat(history(Seeded.WEB)).hasSize(1);

        SANDBOX.control().advance(Duration.ofMinutes(1));

        assertThat(history(Seeded.WEB)).hasSize(2);
        ConfigurationItem newest = history(Seeded.WEB).getFirst();
        assertThat(newest.tags()).containsEntry("k", "v");
        assertThat(Duration.between(newest.configurationItemCaptureTime(), changed).abs())
                .isLessThan(Duration.ofMillis(5));
    }

    @Test
    void aBatchIsWithoutTagsAndLeavesTheRestUnprocessed() {
        recorder.processAtMost(1);
        var answer =
                config.batchGetResourceConfig(
                        r -> r.resourceKeys(key(Seeded.WEB), key(Seeded.APP)));

        assertThat(answer.unprocessedResourceKeys()).containsExactly(key(Seeded.APP));
        BaseConfigurationItem web = answer.baseConfigurationItems().getFirst();
        assertThat(web.resourceId()).isEqualTo(Seeded.WEB);
        assertThat(json(web.configuration()).path("instanceId").asText()).isEqualTo(Seeded.WEB);
        assertThat(web.supplementaryConfiguration()).isEmpty();
        assertThat(batch(List.of(key("i-00000000000000000")))).isEmpty();
    }

    @Test
    void refusesAndFailsAsTheOtherServicesDo() {
        Region region = Region.of(Seeded.REGION);
        try (ConfigClient viewer =
                SANDBOX.client(ConfigClient.builder(), SandboxExtension.VIEWER, region)) {
            refused(
                    () -> viewer.selectResourceConfig(r -> r.expression(INSTANCES)),
                    "AccessDeniedException");
        }
        try (StsClient sts = SANDBOX.sts(SandboxExtension.YAGURA)) {
            Credentials keys =
                    sts.assumeRole(r ->
                                    r.roleArn("arn:aws:iam::111122223333:role/YaguraInventory")
                                            .roleSessionName("inventory")
                                            .externalId("yagura-sandbox"))
                            .credentials();
            try (ConfigClient inventory =
                    SANDBOX.client(
                            ConfigClient.builder(),
                            AwsSessionCredentials.create(
                                    keys.accessKeyId(),
                                    keys.secretAccessKey(),
                                    keys.sessionToken()),
                            region)) {
                assertThat(inventory.selectResourceConfig(r -> r.expression(INSTANCES)).results())
                        .hasSize(3);
            }
        }
        SANDBOX.control().throttle("config:SelectResourceConfig", 1);
        refused(() -> select(INSTANCES), "ThrottlingException");
        SANDBOX.control().loseReply("config:SelectResourceConfig");
        assertThatThrownBy(() -> select(INSTANCES)).isInstanceOf(SdkClientException.class);
        assertThat(instanceIds()).hasSize(3);
        SANDBOX.control().terminate(Seeded.DB);
        SANDBOX.control().advance(Duration.ofMinutes(1));
        SANDBOX.control().answerStale("config:SelectResourceConfig", 1);
        assertThat(instanceIds()).contains(Seeded.DB);
        assertThat(instanceIds()).doesNotContain(Seeded.DB);
    }

    @Test
    void roleIsAnotherWhenAnInstanceProfileTakesIt() {
        assertThat(profilesOfRoles()).doesNotContain("taken");
        SANDBOX.control().resources().putProfile("taken", "app-instance");
        assertThat(profilesOfRoles()).containsOnlyOnce("taken");
        SANDBOX.control().resources().deleteProfile("taken");
        assertThat(profilesOfRoles()).doesNotContain("taken");
    }

    private static List<String> profilesOfRoles() {
        return select("SELECT configuration WHERE resourceType = 'AWS::IAM::Role'")
                .results()
                .stream()
                .flatMap(role -> json(role).findValuesAsText("instanceProfileName").stream())
                .toList();
    }

    private static SelectResourceConfigResponse select(String expression) {
        return config.selectResourceConfig(r -> r.expression(expression));
    }

    private static SelectResourceConfigResponse page(int limit, @Nullable String token) {
        return config.selectResourceConfig(r ->
                r.expression("SELECT resourceId WHERE resourceType = 'AWS::EC2::Instance'")
                        .limit(limit)
                        .nextToken(token));
    }

    private static String volumes(String property) {
        return "SELECT %s WHERE resourceType = 'AWS::EC2::Volume'".formatted(property);
    }

    private static JsonNode only(String type, String properties) {
        return json(
                select("SELECT %s WHERE resourceType = '%s'".formatted(properties, type))
                        .results()
                        .getFirst());
    }

    private static List<String> instanceIds() {
        return select(INSTANCES).results().stream()
                .map(each -> json(each).path("resourceId").asText())
                .toList();
    }

    private static JsonNode configurationOf(String instance) {
        return json(select(INSTANCES + " AND resourceId IN ('" + instance + "')")
                        .results()
                        .getFirst())
                .path("configuration");
    }

    private static List<String> relationships(JsonNode resource) {
        List<String> all = new ArrayList<>();
        resource.path("relationships")
                .forEach(each ->
                        all.add(
                                each.path("relationshipName").asText()
                                        + " "
                                        + each.path("resourceId").asText()));
        return all;
    }

    private static ConfigurationRecorderStatus status() {
        return config.describeConfigurationRecorderStatus()
                .configurationRecordersStatus()
                .getFirst();
    }

    private static List<ResourceIdentifier> listed(boolean deleted) {
        return config.listDiscoveredResources(
                        r -> r.resourceType(INSTANCE).includeDeletedResources(deleted))
                .resourceIdentifiers();
    }

    private static List<ConfigurationItem> history(String instance) {
        return history(INSTANCE, instance);
    }

    private static List<ConfigurationItem> history(String type, String id) {
        return config.getResourceConfigHistory(r -> r.resourceType(type).resourceId(id))
                .configurationItems();
    }

    private static List<BaseConfigurationItem> batch(List<ResourceKey> keys) {
        return config.batchGetResourceConfig(r -> r.resourceKeys(keys)).baseConfigurationItems();
    }

    private static ResourceKey key(String instance) {
        return ResourceKey.builder().resourceType(INSTANCE).resourceId(instance).build();
    }

    private static JsonNode json(String text) {
        try {
            return JsonText.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
