package dev.yagura.bench.demo;

import dev.yagura.sandbox.control.Passage;
import dev.yagura.sandbox.control.ProbeView;
import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.flow.FlowView;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The sandbox's network, in which the recorded payload's connections are opened again when the
 * recording comes to them: what isolation does to them is observed there, not claimed.
 */
final class World implements AutoCloseable {
    static final String ATTACKER = "203.0.113.66";
    static final int BEACON_PORT = 8443;

    /** A sockaddr of the beacon: AF_INET, port 8443, 203.0.113.66. */
    private static final String BEACON_SOCKADDR = "saddr=020020FBCB007142";

    private static final String BEACON = "beacon";

    private final SandboxClient sandbox;
    private final String host;
    private final List<Passage> beacons = new ArrayList<>();

    World(URI endpoint, String host) {
        this.sandbox = new SandboxClient(endpoint);
        this.host = host;
    }

    /** Opens the beacon of a record that has one. */
    void follow(String record) {
        if (record.contains(BEACON_SOCKADDR)) {
            Passage passage =
                    sandbox.openOutbound(
                            host, BEACON, ATTACKER, BEACON_PORT, Duration.ofSeconds(1));
            synchronized (beacons) {
                beacons.add(passage);
            }
        }
    }

    /** Attempts of the payload so far, oldest first. */
    List<Passage> beacons() {
        synchronized (beacons) {
            return List.copyOf(beacons);
        }
    }

    /** The payload's connections that still pass packets. */
    List<FlowView> livingBeacons() {
        return sandbox.flows(host).stream()
                .filter(flow -> flow.label().equals(BEACON) && flow.state().equals("alive"))
                .toList();
    }

    /** A new connection to the attacker. */
    ProbeView newConnection() {
        return sandbox.probe(host, ATTACKER, BEACON_PORT);
    }

    /** The path of commands to the host's SSM agent. */
    ProbeView controlPath() {
        return sandbox.probe(host, "endpoint:ssmmessages", 443);
    }

    /** What the host's interfaces may send and receive, as text to compare. */
    String effectiveRules() {
        return sandbox.effectiveRules(host).toString();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
