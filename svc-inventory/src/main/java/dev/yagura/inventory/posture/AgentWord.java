package dev.yagura.inventory.posture;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.agent.ReceivedReport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks by what the host's agent says of the host. */
final class AgentWord {
    private static final String SEE =
            "./yagura agents list; ./yagura coverage says what is missing";

    private AgentWord() {}

    /**
     * Unknown where there is no word, or none lately.
     *
     * @param check judges what the agent said
     */
    static CheckResult judge(HostFacts facts, Function<ReceivedReport, CheckResult> check) {
        @Nullable Agent agent = facts.agent();
        @Nullable ReceivedReport received = facts.hostReport();
        if (agent == null) {
            return CheckResult.unknown("no agent speaks for it", SEE, null);
        }
        if (agent.isRevoked()) {
            return CheckResult.unknown(
                    "its agent is revoked: nobody else speaks for it", SEE, null);
        }
        if (received == null) {
            return CheckResult.unknown(
                    "its agent has not said what the host is like",
                    "wait five minutes, or put a newer agent on it",
                    null);
        }
        if (received.isStale(facts.readings().now())) {
            return CheckResult.unknown(
                    "its agent last said at " + received.time() + " what the host is like",
                    SEE,
                    received.time());
        }
        if (agent.sharedKeySince() != null) {
            return CheckResult.unknown(
                    "other hosts report with the key of its agent", SEE, received.time());
        }
        return check.apply(received);
    }
}
