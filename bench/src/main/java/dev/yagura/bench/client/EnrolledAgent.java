package dev.yagura.bench.client;

import dev.yagura.proto.telemetry.v1.Device;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What an agent has after its enrolment; the key never leaves this process.
 *
 * @param agentId from the inventory
 * @param device the host that its telemetry is about, with the asset id
 * @param key of the client certificate
 * @param chain client certificate, leaf first
 */
public record EnrolledAgent(
        String agentId, Device device, PrivateKey key, List<X509Certificate> chain) {

    public EnrolledAgent {
        chain = List.copyOf(chain);
    }
}
