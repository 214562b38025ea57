package dev.yagura.inventory.software;

import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing, or not all, is known of the software of a host.
 *
 * @param known of its software
 * @param node null where Systems Manager never managed it
 * @param nodes of its scope; null where nobody has tried to read them
 */
record SoftwareDoubt(
        Asset host,
        SoftwareStore.Known known,
        @Nullable ManagedNode node,
        @Nullable NodeKnowledge nodes) {
    /** Agents report every half an hour to every day, as their association says. */
    static final Duration OUTDATED = Duration.ofDays(1);

    private static final String READ =
            "allow the role of svc-inventory ssm:DescribeInstanceInformation and"
                    + " ssm:ListInventoryEntries, as deploy/policies/inventory.json does;"
                    + " ./yagura logs inventory";

    /** For people; empty while there is none. */
    String text(Instant now) {
        if (host.isTombstone() || host.isTerminated()) {
            return "the host is gone: its software is not listed";
        }
        if (!host.resourceType().equals(Asset.INSTANCE)) {
            return "a host outside EC2: the inventory of Systems Manager is read for instances only;"
                    + " ask its package manager";
        }
        return known.listed() ? ofList(now) : ofNothing();
    }

    private String ofList(Instant now) {
        List<String> doubts = new ArrayList<>();
        Instant captured = known.captureTime();
        if (captured == null) {
            doubts.add("Systems Manager does not say when this was captured");
        } else if (captured.isBefore(now.minus(OUTDATED))) {
            doubts.add("captured at " + captured + ", more than a day ago");
        }
        if (node == null || !node.isManaged()) {
            doubts.add("Systems Manager manages the host no more: this is the last that it told");
        }
        if (known.leftOut() > 0) {
            doubts.add(
                    "%d more entries are not kept: of a host at most %d, each with a name"
                            .formatted(known.leftOut(), SoftwareReport.MOST));
        }
        if (!known.failure().isEmpty()) {
            doubts.add("the last reading failed: " + known.failure());
        }
        return String.join("; ", doubts);
    }

    private String ofNothing() {
        if (nodes == null || nodes.observedTime() == null) {
            return nodes == null || nodes.failure().isEmpty()
                    ? "nothing is known yet: what Systems Manager manages was not read so far; "
                            + READ
                    : "what Systems Manager manages could not be read: "
                            + nodes.failure()
                            + "; "
                            + READ;
        }
        if (node == null || !node.isManaged()) {
            return "Systems Manager does not manage the host, and knows nothing of its software;"
                    + " docs/how-to/see-what-is-not-protected.md says how it comes to";
        }
        if (known.read()) {
            return "Systems Manager's inventory has nothing of the host: have an association with"
                    + " AWS-GatherSoftwareInventory for it, with applications enabled";
        }
        return known.failure().isEmpty()
                ? "not read yet: the software of hosts is read once an hour"
                : "the software of hosts could not be read: " + known.failure() + "; " + READ;
    }
}
