package dev.yagura.cli.action;

import java.util.List;
import picocli.CommandLine.Option;

/** Guards that a person overrides. */
final class GuardOptions {
    @Option(
            names = "--override",
            split = ",",
            paramLabel = "GUARD",
            description =
                    "Not to refuse, as a check of the plan names it:"
                            + " default-quota, evidence-snapshot, host-network, instance-store,"
                            + " minimum-healthy, own-network, policies-remain, stop-protection,"
                            + " termination-protection, unverified-enforcement.")
    private List<String> overridden = List.of();

    List<String> overridden() {
        return overridden;
    }
}
