package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed of one's own, with a second VPC. */
class OtherVpcTest {
    private static final String OTHER_VPC = "vpc-0aaaaaaaaaaaaaaaa";
    private static final String OTHER_GROUP = "sg-0aaaaaaaaaaaaaaaa";

    @TempDir Path folder;

    @Test
    void refusesAGroupOfAnotherVpc() throws IOException {
        SandboxOptions options =
                new SandboxOptions(
                        SandboxOptions.anyPort().address(), 0, Optional.of(seedWithTwoVpcs()));
        try (SandboxExtension sandbox = new SandboxExtension(options, Clock.systemUTC())) {
            assertThat(sandbox.ec2().describeVpcs().vpcs()).hasSize(2);
            refused(
                    () ->
                            sandbox.ec2()
                                    .modifyNetworkInterfaceAttribute(r ->
                                            r.networkInterfaceId(Seeded.WEB_ENI)
                                                    .groups(OTHER_GROUP)),
                    "InvalidGroup.NotFound");
            // In a VPC without IPv6 a new group gets no rule for it.
            String id =
                    sandbox.ec2()
                            .createSecurityGroup(
                                    r -> r.groupName("x").description("x").vpcId(OTHER_VPC))
                            .groupId();
            assertThat(
                            sandbox.ec2()
                                    .describeSecurityGroupRules(
                                            r -> r.filters(f -> f.name("group-id").values(id)))
                                    .securityGroupRules())
                    .hasSize(1);
        }
    }

    private Path seedWithTwoVpcs() throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(
                        SandboxServer.class.getResourceAsStream("/dev/yagura/sandbox/seed.yaml"))) {
            String seed =
                    new String(resource.readAllBytes(), UTF_8)
                            .replace(
                                    "vpcs:\n",
                                    "vpcs:\n  - {id: %s, cidr: 10.30.0.0/16}\n"
                                            .formatted(OTHER_VPC))
                            .replace(
                                    "securityGroups:\n",
                                    ("securityGroups:\n  - {id: %s, vpc: %s, name: other,"
                                                    + " description: Other, rules: []}\n")
                                            .formatted(OTHER_GROUP, OTHER_VPC));
            return Files.writeString(folder.resolve("seed.yaml"), seed);
        }
    }
}
