package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;

/** disableApiTermination and disableApiStop, as the EC2 user guide says. */
class ProtectionTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void protectsFromTermination() {
        ec2.modifyInstanceAttribute(
                r -> r.instanceId(Seeded.WEB).disableApiTermination(v -> v.value(true)));

        assertThat(
                        ec2.describeInstanceAttribute(r ->
                                        r.instanceId(Seeded.WEB).attribute("disableApiTermination"))
                                .disableApiTermination()
                                .value())
                .isTrue();
        refused(
                () -> ec2.terminateInstances(r -> r.instanceIds(Seeded.WEB)),
                "OperationNotPermitted");
        ec2.stopInstances(r -> r.instanceIds(Seeded.WEB));
    }

    @Test
    void protectionFromStopIsProtectionFromTerminationToo() {
        ec2.modifyInstanceAttribute(
                r -> r.instanceId(Seeded.WEB).disableApiStop(v -> v.value(true)));

        assertThat(
                        ec2.describeInstanceAttribute(
                                        r -> r.instanceId(Seeded.WEB).attribute("disableApiStop"))
                                .disableApiStop()
                                .value())
                .isTrue();
        refused(() -> ec2.stopInstances(r -> r.instanceIds(Seeded.WEB)), "OperationNotPermitted");
        refused(
                () -> ec2.terminateInstances(r -> r.instanceIds(Seeded.WEB)),
                "OperationNotPermitted");
        ec2.modifyInstanceAttribute(
                r -> r.instanceId(Seeded.WEB).disableApiStop(v -> v.value(false)));
        ec2.terminateInstances(r -> r.instanceIds(Seeded.WEB));
    }

    @Test
    void changesOneAttributeACall() {
        refused(
                () -> ec2.modifyInstanceAttribute(r -> r.instanceId(Seeded.WEB)),
                "MissingParameter");
        refused(
                () ->
                        ec2.modifyInstanceAttribute(r ->
                                r.instanceId(Seeded.WEB)
                                        .disableApiStop(v -> v.value(true))
                                        .disableApiTermination(v -> v.value(true))),
                "InvalidParameterCombination");
        refused(
                () ->
                        ec2.describeInstanceAttribute(
                                r -> r.instanceId(Seeded.WEB).attribute("kernel")),
                "InvalidParameterValue");
    }

    @Test
    void protectsNoSpotInstance() {
        control.setSpot("web-1", true);
        assertThat(
                        ec2.describeInstances(r -> r.instanceIds(Seeded.WEB))
                                .reservations()
                                .getFirst()
                                .instances()
                                .getFirst()
                                .instanceLifecycle())
                .isEqualTo(InstanceLifecycleType.SPOT);
        refused(
                () ->
                        ec2.modifyInstanceAttribute(r ->
                                r.instanceId(Seeded.WEB).disableApiTermination(v -> v.value(true))),
                "UnsupportedOperation");
    }
}
