package dev.yagura.inventory.posture;

import java.util.List;

/** Every check of a host, in the order in which people are shown them. */
final class HostChecks {
    static final List<HostCheck> ALL =
            List.of(
                    new AgentCheck(),
                    new SupportCheck(SupportEnds.shipped()),
                    new MetadataCheck(),
                    new DiskCheck(),
                    new ManagementPortCheck(),
                    new ExposureCheck(),
                    new PatchCheck(),
                    new AntivirusCheck(),
                    new ListeningCheck());

    private HostChecks() {}
}
