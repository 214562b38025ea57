package dev.yagura.cli.incident;

import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.HostReach;
import dev.yagura.proto.detection.v1.IncidentReach;
import dev.yagura.proto.detection.v1.ReachGroup;
import dev.yagura.proto.detection.v1.ReachedAsset;
import java.util.ArrayList;
import java.util.List;

/** What could be reached from the hosts of an incident, one host after another. */
public final class ReachText {
    private static final String INSTANCE = "AWS::EC2::Instance";

    private ReachText() {}

    public static List<String> lines(IncidentReach reach) {
        List<String> lines = new ArrayList<>();
        reach.getHostsList().forEach(host -> addHost(lines, host));
        if (reach.getOmittedHosts() > 0) {
            lines.add("and " + reach.getOmittedHosts() + " hosts more");
        }
        return lines.stream().map(Printable::of).toList();
    }

    private static void addHost(List<String> lines, HostReach reach) {
        AssetSnapshot host = reach.getHost();
        lines.add(
                "from "
                        + Texts.described(
                                host.getHostname(),
                                host.getInstanceId().isEmpty()
                                        ? host.getHostId()
                                        : host.getInstanceId(),
                                host.getCriticality(),
                                host.getOwner(),
                                host.getEnvironment()));
        if (!reach.getUnknownReason().isEmpty()) {
            lines.add("  not known: " + reach.getUnknownReason());
        } else if (reach.getGroupsCount() == 0) {
            lines.add("  nothing that the inventory knows");
        }
        reach.getGroupsList().forEach(group -> addGroup(lines, group));
    }

    private static void addGroup(List<String> lines, ReachGroup group) {
        lines.add(
                "  %s%s: %d %s"
                        .formatted(
                                Texts.constant(group.getKind(), "REACH_KIND_").replace('_', ' '),
                                group.getThroughCount() == 0
                                        ? ""
                                        : " (" + String.join(", ", group.getThroughList()) + ")",
                                group.getCount(),
                                group.getResourceType()));
        group.getAssetsList()
                .forEach(asset -> lines.add("    " + described(asset, group.getResourceType())));
        if (group.getCount() > group.getAssetsCount()) {
            lines.add("    and " + (group.getCount() - group.getAssetsCount()) + " more");
        }
    }

    private static String described(ReachedAsset asset, String resourceType) {
        String text =
                Texts.described(
                        asset.getLabel(),
                        asset.getNativeId(),
                        asset.getCriticality(),
                        asset.getOwner(),
                        asset.getEnvironment());
        return resourceType.equals(INSTANCE) && !asset.getHasAgent() ? text + " (no agent)" : text;
    }
}
