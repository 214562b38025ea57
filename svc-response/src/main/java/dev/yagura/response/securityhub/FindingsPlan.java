package dev.yagura.response.securityhub;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ImportedFinding;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.proposal.IncidentSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;

/**
 * What would be imported, and what must hold before.
 *
 * @param found what Security Hub has of the incident already
 */
record FindingsPlan(Plan plan, ImportedFinding finding, Optional<AwsSecurityFinding> found) {
    private static final List<String> RISKS =
            List.of(
                    "title, alerts' titles, host and scores of the incident go to whoever may read"
                            + " Security Hub here, in its administrator account and in its"
                            + " aggregation region",
                    "rules of EventBridge and of Security Hub may act on the finding at once",
                    "the finding stays as it is when the incident goes on: import it again",
                    "undo archives the finding, also one that an import before made; Security Hub"
                            + " deletes findings by itself some time after their last update");

    /** Reads AWS, and changes nothing. */
    static FindingsPlan of(SecurityHubCloud cloud, Incident incident, Scope scope, Instant now) {
        ImportedFinding finding = IncidentFinding.of(incident, scope);
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(account(incident, scope));
        checks.add(unmerged(incident));
        Plan.Builder plan = Plan.newBuilder().setCreateTime(SavedTime.of(now));
        // Nothing is said of an incident to whoever may not see its account.
        if (Checks.isAnyRefused(checks)) {
            return new FindingsPlan(plan.addAllChecks(checks).build(), finding, Optional.empty());
        }
        checks.add(enabled(cloud, scope));
        Optional<AwsSecurityFinding> found =
                Checks.isAnyRefused(checks) ? Optional.empty() : cloud.find(finding);
        String before = found.map(AwsSecurityFinding::recordStateAsString).orElse("no finding");
        return new FindingsPlan(
                plan.addAllChecks(checks)
                        .addCalls(
                                FindingForm.planned(finding).toBuilder()
                                        .setBefore(before)
                                        .setAfter(finding.getRecordState())
                                        .setDryRun("not supported: Security Hub has no DryRun"))
                        .addUndoCalls(
                                FindingForm.undo(finding).toBuilder()
                                        .setBefore(finding.getRecordState())
                                        .setAfter(IncidentFinding.ARCHIVED))
                        .addAllResidualRisks(RISKS)
                        .build(),
                finding,
                found);
    }

    /** AWS takes findings of an account from that account only. */
    private static PreflightCheck account(Incident incident, Scope scope) {
        String label = "the incident is in the account";
        return IncidentSource.scope(incident).getAccountId().equals(scope.getAccountId())
                ? Checks.passed(label, "account " + scope.getAccountId())
                : Checks.refused(
                        label,
                        "its host is in another one",
                        "give the account of its host: Security Hub's administrator sees the"
                                + " finding there");
    }

    private static PreflightCheck unmerged(Incident incident) {
        String label = "it is an incident of its own";
        return incident.getMergedInto().isEmpty()
                ? Checks.passed(label, "")
                : Checks.refused(
                        label, "it was merged into " + incident.getMergedInto(), "import that one");
    }

    private static PreflightCheck enabled(SecurityHubCloud cloud, Scope scope) {
        String label = "Security Hub is enabled";
        return cloud.isEnabled()
                ? Checks.passed(label, scope.getRegion())
                : Checks.refused(label, notEnabled(scope), remedy(scope));
    }

    static String notEnabled(Scope scope) {
        return "Security Hub is not enabled in account %s, region %s"
                .formatted(scope.getAccountId(), scope.getRegion());
    }

    static String remedy(Scope scope) {
        return "enable it (aws securityhub enable-security-hub --region "
                + scope.getRegion()
                + "), or give a region where it is";
    }
}
