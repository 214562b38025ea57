package dev.yagura.inventory.posture;

import dev.yagura.inventory.reconcile.ManagedNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The maker of the operating system still mends its holes. */
final class SupportCheck implements HostCheck {
    private static final String MANAGE =
            "let Systems Manager manage it: ./yagura coverage says what is missing";

    private final SupportEnds ends;

    SupportCheck(SupportEnds ends) {
        this.ends = ends;
    }

    @Override
    public String id() {
        return "os-supported";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return true;
    }

    @Override
    public CheckResult of(HostFacts facts) {
        @Nullable ManagedNode node = facts.node();
        @Nullable Instant read = facts.nodesRead();
        if (node == null || !node.isManaged() || node.platformName().isEmpty()) {
            return CheckResult.unknown(
                    "Systems Manager does not tell its operating system", MANAGE, null);
        }
        if (read == null || facts.readings().isStale(read)) {
            return CheckResult.unknown("Systems Manager was last read at " + read, MANAGE, read);
        }
        String system = node.platformName() + " " + node.platformVersion();
        Optional<LocalDate> end = ends.of(node.platformName(), node.platformVersion());
        if (end.isEmpty()) {
            return CheckResult.unknown(
                    system + " is not in the table of docs/reference/posture.md",
                    "look its end of support up",
                    read);
        }
        boolean over =
                end.get().isBefore(LocalDate.ofInstant(facts.readings().now(), ZoneOffset.UTC));
        return over
                ? CheckResult.fail(
                        system + " has had no support since " + end.get(),
                        "move what it does to an image with a supported system",
                        read)
                : CheckResult.pass(system + " is supported until " + end.get(), read);
    }
}
