package dev.yagura.sandbox.moto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.SandboxExtension;
import dev.yagura.testkit.MotoFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;

/** An independent emulator answers the product's calls with the same fields. */
class SameAsMotoTest {
    private static final Region TOKYO = Region.AP_NORTHEAST_1;

    @RegisterExtension static final MotoFixture MOTO = new MotoFixture();
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    @Test
    void theIsolationOfAnInstanceLooksTheSame() {
        assertThat(onSandbox()).containsExactlyElementsOf(onMoto());
    }

    private static List<String> onSandbox() {
        try (Ec2Client ec2 = SANDBOX.ec2(SandboxExtension.OPERATOR);
                StsClient sts = SANDBOX.sts(SandboxExtension.YAGURA)) {
            return new IsolationScript(ec2, sts, "vpc-0dfc69755784eaab6", "i-083dc41ecd9ab1b98")
                    .run();
        }
    }

    private static List<String> onMoto() {
        AwsCredentialsProvider anyone =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"));
        try (Ec2Client ec2 =
                        Ec2Client.builder()
                                .endpointOverride(MOTO.endpoint())
                                .region(TOKYO)
                                .credentialsProvider(anyone)
                                .httpClientBuilder(ApacheHttpClient.builder())
                                .build();
                StsClient sts =
                        StsClient.builder()
                                .endpointOverride(MOTO.endpoint())
                                .region(TOKYO)
                                .credentialsProvider(anyone)
                                .httpClientBuilder(ApacheHttpClient.builder())
                                .build()) {
            String vpc =
                    ec2.createVpc(r ->
                                    r.cidrBlock("10.20.0.0/16").amazonProvidedIpv6CidrBlock(true))
                            .vpc()
                            .vpcId();
            return new IsolationScript(ec2, sts, vpc, instanceLikeApp(ec2, vpc)).run();
        }
    }

    /** Two interfaces in one subnet, each with a group of its own, and the seed's tags. */
    private static String instanceLikeApp(Ec2Client ec2, String vpc) {
        String subnet =
                ec2.createSubnet(r ->
                                r.vpcId(vpc)
                                        .cidrBlock("10.20.1.0/24")
                                        .availabilityZone("ap-northeast-1a"))
                        .subnet()
                        .subnetId();
        String front = group(ec2, vpc, "app-front");
        String back = group(ec2, vpc, "app-back");
        String image = ec2.describeImages().images().getFirst().imageId();
        String instance =
                ec2.runInstances(r ->
                                r.imageId(image)
                                        .instanceType(InstanceType.M6_I_LARGE)
                                        .subnetId(subnet)
                                        .securityGroupIds(front)
                                        .minCount(1)
                                        .maxCount(1)
                                        .tagSpecifications(t ->
                                                t.resourceType(ResourceType.INSTANCE)
                                                        .tags(
                                                                tag("Name", "app-1"),
                                                                tag("Environment", "production"),
                                                                tag("Owner", "shop"))))
                        .instances()
                        .getFirst()
                        .instanceId();
        String eni =
                ec2.createNetworkInterface(r -> r.subnetId(subnet).groups(back))
                        .networkInterface()
                        .networkInterfaceId();
        ec2.attachNetworkInterface(
                r -> r.networkInterfaceId(eni).instanceId(instance).deviceIndex(1));
        return instance;
    }

    private static String group(Ec2Client ec2, String vpc, String name) {
        return ec2.createSecurityGroup(r -> r.groupName(name).description("x").vpcId(vpc))
                .groupId();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
