package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceStatus;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Tag;

class InstancesTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();

    @Test
    void describesAnInstanceWithEveryInterfaceInDeviceOrder() {
        Instance app = instance(Seeded.APP);

        assertThat(app.state().name()).isEqualTo(InstanceStateName.RUNNING);
        assertThat(app.vpcId()).isEqualTo(Seeded.VPC);
        assertThat(app.privateIpAddress()).isEqualTo("10.20.1.20");
        assertThat(app.publicIpAddress()).isNull();
        assertThat(app.iamInstanceProfile().arn()).endsWith(":instance-profile/app-instance");
        assertThat(app.tags()).contains(Tag.builder().key("Name").value("app-1").build());
        assertThat(app.networkInterfaces())
                .extracting(InstanceNetworkInterface::networkInterfaceId)
                .containsExactly(Seeded.APP_FRONT_ENI, Seeded.APP_BACK_ENI);
        assertThat(app.networkInterfaces().get(0).ipv6Addresses().getFirst().ipv6Address())
                .isEqualTo("2001:db8:1420:1::20");
        assertThat(app.networkInterfaces().get(1).groups().getFirst().groupId())
                .isEqualTo(Seeded.APP_BACK_GROUP);
        assertThat(app.networkInterfaces().get(1).attachment().deviceIndex()).isEqualTo(1);
    }

    @Test
    void everyFilterMustMatchAndAnyOfItsValues() {
        assertThat(ids("tag:Environment", "production")).hasSize(3);
        assertThat(ids("tag:Name", "web-*", "db-?"))
                .containsExactlyInAnyOrder(Seeded.WEB, Seeded.DB);
        assertThat(ids("instance-state-name", "stopped")).isEmpty();
        assertThat(ids("vpc-id", Seeded.VPC)).hasSize(3);
        assertThat(ids("network-interface.group-id", Seeded.APP_BACK_GROUP))
                .containsExactly(Seeded.APP);
        assertThat(ids("ip-address", "198.51.100.20")).containsExactly(Seeded.WEB);
    }

    @Test
    void refusesAFilterThatItDoesNotKnow() {
        refused(() -> ids("colour", "red"), "InvalidParameterValue");
    }

    @Test
    void tellsUnknownFromMalformedIds() {
        refused(
                () -> ec2.describeInstances(r -> r.instanceIds("i-00000000000000000")),
                "InvalidInstanceID.NotFound");
        refused(
                () -> ec2.describeInstances(r -> r.instanceIds("web-1")),
                "InvalidInstanceID.Malformed");
        refused(
                () ->
                        ec2.describeNetworkInterfaces(
                                r -> r.networkInterfaceIds("eni-00000000000000000")),
                "InvalidNetworkInterfaceID.NotFound");
        refused(
                () -> ec2.describeSecurityGroups(r -> r.groupIds("sg-00000000000000000")),
                "InvalidGroup.NotFound");
    }

    @Test
    void stopsAndStartsThroughPassingStates() {
        ec2.stopInstances(r -> r.instanceIds(Seeded.WEB));
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.STOPPING);
        SANDBOX.control().advance(Duration.ofSeconds(3));
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.STOPPED);
        assertThat(instance(Seeded.WEB).publicIpAddress()).isNull();
        assertThat(instance(Seeded.WEB).stateReason().code())
                .isEqualTo("Client.UserInitiatedShutdown");

        ec2.startInstances(r -> r.instanceIds(Seeded.WEB));
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.PENDING);
        SANDBOX.control().advance(Duration.ofSeconds(2));
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.RUNNING);
        assertThat(instance(Seeded.WEB).publicIpAddress())
                .startsWith("198.51.100.")
                .isNotEqualTo("198.51.100.20");
    }

    @Test
    void terminatedInstancesStayVisibleForAnHourWithoutInterfaces() {
        ec2.terminateInstances(r -> r.instanceIds(Seeded.APP));
        assertThat(state(Seeded.APP)).isEqualTo(InstanceStateName.SHUTTING_DOWN);
        SANDBOX.control().advance(Duration.ofSeconds(3));

        assertThat(state(Seeded.APP)).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(instance(Seeded.APP).networkInterfaces()).isEmpty();
        assertThat(instance(Seeded.APP).vpcId()).isNull();
        NetworkInterface second = eni(Seeded.APP_BACK_ENI);
        assertThat(second.status()).isEqualTo(NetworkInterfaceStatus.AVAILABLE);
        refused(() -> eni(Seeded.APP_FRONT_ENI), "InvalidNetworkInterfaceID.NotFound");
        refused(() -> ec2.stopInstances(r -> r.instanceIds(Seeded.APP)), "IncorrectInstanceState");

        SANDBOX.control().advance(Duration.ofMinutes(61));
        refused(() -> instance(Seeded.APP), "InvalidInstanceID.NotFound");
    }

    @Test
    void aDryRunAsksForPermissionOnlyAndChangesNothing() {
        refused(
                () -> ec2.stopInstances(r -> r.instanceIds(Seeded.WEB).dryRun(true)),
                412,
                "DryRunOperation");
        try (Ec2Client viewer = SANDBOX.ec2(SandboxExtension.VIEWER)) {
            refused(
                    () -> viewer.stopInstances(r -> r.instanceIds(Seeded.WEB).dryRun(true)),
                    403,
                    "UnauthorizedOperation");
        }
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.RUNNING);
    }

    @Test
    void stopsSpotInstancesOfPersistentRequestsOnly() {
        SANDBOX.control().setSpot("web-1", true);
        String request = instance(Seeded.WEB).spotInstanceRequestId();
        assertThat(spotType(request)).isEqualTo(SpotInstanceType.ONE_TIME);
        refused(() -> ec2.stopInstances(r -> r.instanceIds(Seeded.WEB)), "UnsupportedOperation");
        SANDBOX.control().setPersistentSpot("web-1");
        assertThat(spotType(request)).isEqualTo(SpotInstanceType.PERSISTENT);
        ec2.stopInstances(r -> r.instanceIds(Seeded.WEB));
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.STOPPING);
        refused(() -> spotType("sir-00000000"), "InvalidSpotInstanceRequestID.NotFound");
    }

    @Test
    void tellsWhichTypesHaveInstanceStore() {
        SANDBOX.control().setType("web-1", "m6id.large");
        List<InstanceTypeInfo> types =
                ec2.describeInstanceTypes(r ->
                                r.instanceTypes(
                                        instance(Seeded.WEB).instanceType(),
                                        instance(Seeded.APP).instanceType()))
                        .instanceTypes();
        assertThat(types)
                .extracting(InstanceTypeInfo::instanceStorageSupported)
                .containsExactly(true, false);
        assertThat(types.getFirst().instanceStorageInfo().totalSizeInGB()).isEqualTo(118);
        refused(
                () -> ec2.describeInstanceTypes(r -> r.instanceTypes(InstanceType.T2_NANO)),
                "InvalidInstanceType");
    }

    @Test
    void refusesWhatItDoesNotHave() {
        refused(() -> ec2.describeImages(), "InvalidAction");
        refused(() -> SANDBOX.ssm().listAssociations(), "UnknownOperationException");
        refused(
                () -> ec2.stopInstances(r -> r.instanceIds(Seeded.WEB).hibernate(true)),
                "UnknownParameter");
        assertThat(state(Seeded.WEB)).isEqualTo(InstanceStateName.RUNNING);
    }

    private List<String> ids(String filter, String... values) {
        return ec2
                .describeInstances(
                        r -> r.filters(Filter.builder().name(filter).values(values).build()))
                .reservations()
                .stream()
                .map(Reservation::instances)
                .flatMap(List::stream)
                .map(Instance::instanceId)
                .toList();
    }

    private Instance instance(String id) {
        return ec2.describeInstances(r -> r.instanceIds(id))
                .reservations()
                .getFirst()
                .instances()
                .getFirst();
    }

    private SpotInstanceType spotType(String requestId) {
        return ec2.describeSpotInstanceRequests(r -> r.spotInstanceRequestIds(requestId))
                .spotInstanceRequests()
                .getFirst()
                .type();
    }

    private InstanceStateName state(String id) {
        return instance(id).state().name();
    }

    private NetworkInterface eni(String id) {
        return ec2.describeNetworkInterfaces(r -> r.networkInterfaceIds(id))
                .networkInterfaces()
                .getFirst();
    }
}
