package dev.yagura.inventory.coverage;

import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.filter.Filter;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which hosts, tasks and functions a client asks for.
 *
 * @param visibility empty where there is nothing that the caller may see
 * @param minAge of the same gap or unknown that has the reason
 * @param filter of the asset
 */
record CoverageSelection(
        Optional<Visibility> visibility,
        Optional<CoverageStanding> standing,
        Optional<CoverageReason> reason,
        Optional<Duration> minAge,
        Filter filter) {

    /** True when the account alone decides. */
    boolean isWhole() {
        return standing.isEmpty()
                && reason.isEmpty()
                && minAge.isEmpty()
                && filter.equals(Filter.ALL);
    }

    boolean matches(Coverage coverage, Instant now) {
        return filter.matches(coverage.asset())
                && standing.map(coverage.standing()::equals).orElse(true)
                && ((reason.isEmpty() && minAge.isEmpty())
                        || coverage.findings().anyMatch(finding -> matches(finding, now)));
    }

    private boolean matches(Finding finding, Instant now) {
        return reason.map(finding.reason()::equals).orElse(true)
                && minAge.map(age -> finding.isAtLeast(age, now)).orElse(true);
    }
}
