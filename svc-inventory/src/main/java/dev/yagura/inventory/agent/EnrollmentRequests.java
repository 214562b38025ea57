package dev.yagura.inventory.agent;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.enrollment.SigningRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.telemetry.v1.Device;
import java.util.regex.Pattern;

/** Checks what a host sends to enrol. Its sender is unknown: every field has a bound. */
final class EnrollmentRequests {
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8,17}");
    private static final int MAX_NAME = 255;
    private static final int MAX_WORD = 64;
    private static final int MAX_TOKEN = 200;

    private EnrollmentRequests() {}

    static EnrollmentRequest of(EnrollAgentRequest request) {
        Device device = request.getDevice();
        String instanceId = device.getInstanceId();
        if (!instanceId.isEmpty() && !INSTANCE.matcher(instanceId).matches()) {
            throw new InvalidFieldException(
                    "device.instance_id",
                    "is no EC2 instance id",
                    "send one such as i-0123456789abcdef0, or nothing outside EC2");
        }
        Agent.Machine machine =
                new Agent.Machine(
                        instanceId,
                        Texts.required("device.hostname", device.getHostname(), MAX_NAME),
                        Texts.optional("device.os", device.getOs(), MAX_WORD),
                        Texts.optional("device.boot_id", device.getBootId(), MAX_WORD));
        return new EnrollmentRequest(
                Texts.required("token", request.getToken(), MAX_TOKEN),
                SigningRequest.parse(request.getCertificateSigningRequest().toByteArray()),
                machine,
                false,
                request.getInstanceIdentity(),
                instanceId.isEmpty() ? machineId(device, machine) : instanceId,
                Texts.optional("version", request.getVersion(), MAX_WORD));
    }

    /** The host's own id where it sends one: names change, and are given twice. */
    private static String machineId(Device device, Agent.Machine machine) {
        String sent = Texts.optional("device.host_id", device.getHostId(), MAX_NAME);
        return sent.isEmpty() ? machine.hostname() : sent;
    }
}
