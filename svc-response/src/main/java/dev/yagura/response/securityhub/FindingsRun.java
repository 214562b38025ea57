package dev.yagura.response.securityhub;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.FindingsState;
import dev.yagura.proto.response.v1.ImportedFinding;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.proposal.IncidentSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;
import software.amazon.awssdk.services.securityhub.model.SecurityHubException;

/**
 * One finding, brought to what it is to be: looked for first, imported if it is not so, then looked
 * for until Security Hub shows it. Its id makes it one, however often it is imported.
 */
final class FindingsRun {
    /** Of those whose imports others overwrite at once. */
    private static final int MOST_IMPORTS = 5;

    /** Why one finding is not taken now; others stay. */
    private static final Set<String> PASSING =
            Set.of("InternalException", "InternalFailure", "LimitExceeded", "ThrottlingException");

    private static final String RECORD_STATE = "RecordState";
    private static final int OK = 200;

    private final SecurityHubCloud cloud;
    private final IncidentSource incidents;
    private final FindingsConfig config;
    private final Clock clock;
    private final ActionRun run;

    FindingsRun(
            SecurityHubCloud cloud,
            IncidentSource incidents,
            FindingsConfig config,
            Clock clock,
            ActionRun run) {
        this.cloud = cloud;
        this.incidents = incidents;
        this.config = config;
        this.clock = clock;
        this.run = run;
    }

    void apply() {
        if (!run.action().hasFindingsState()) {
            prepare();
        }
        ImportedFinding finding = state().getFinding();
        bring(finding);
        run.verifying("Security Hub shows the finding");
        verified(finding);
    }

    void undo() {
        if (!new CallHistory(run.action()).perhapsMade(FindingForm.IMPORT)) {
            return;
        }
        ImportedFinding ours = state().getFinding();
        Optional<AwsSecurityFinding> found = cloud.find(ours);
        if (found.isEmpty() && wasShown()) {
            run.drift(List.of("Security Hub has no finding " + ours.getId() + " any more"));
            return;
        }
        ImportedFinding current = found.map(FindingForm::read).orElse(ours);
        reportDrift(ours, current);
        // What it says stays: an import after this one may have made it newer.
        ImportedFinding archived =
                current.toBuilder().setRecordState(IncidentFinding.ARCHIVED).build();
        bring(archived);
        verified(archived);
    }

    private FindingsState state() {
        return run.action().getFindingsState();
    }

    private void verified(ImportedFinding finding) {
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                "Security Hub shows %s as %s".formatted(finding.getId(), finding.getRecordState()));
    }

    private boolean wasShown() {
        return run.action().getVerificationsList().stream().anyMatch(Verification::getPassed);
    }

    private void reportDrift(ImportedFinding ours, ImportedFinding current) {
        String changed =
                FindingForm.differences(
                        ours, current.toBuilder().setRecordState(ours.getRecordState()).build());
        boolean archivedByOthers =
                !current.getRecordState().equals(ours.getRecordState())
                        && calls().noneMatch(FindingsRun::archives);
        run.drift(
                Stream.of(
                                changed.isEmpty()
                                        ? ""
                                        : "the finding has another " + changed + "; left so",
                                archivedByOthers
                                        ? "the finding was " + current.getRecordState() + " already"
                                        : "")
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    private Stream<CallRecord> calls() {
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(FindingForm.IMPORT));
    }

    private static boolean archives(CallRecord call) {
        return IncidentFinding.ARCHIVED.equals(call.getParametersMap().get(RECORD_STATE));
    }

    private void prepare() {
        Action action = run.action();
        FindingsPlan planned =
                FindingsPlan.of(
                        cloud,
                        incident(action.getIncident()),
                        action.getTarget().getScope(),
                        clock.instant());
        Checks.requireNoneRefused(planned.plan().getChecksList());
        FindingsState saved =
                FindingsState.newBuilder()
                        .setFinding(planned.finding())
                        .setFormerRecordState(
                                planned.found()
                                        .map(AwsSecurityFinding::recordStateAsString)
                                        .orElse(""))
                        .build();
        run.prepared(planned.plan(), each -> each.setFindingsState(saved));
    }

    private Incident incident(String name) {
        try {
            return incidents.get(name);
        } catch (NotFoundException e) {
            throw new ActionFailedException("there is no " + name + " any more", e);
        } catch (DependencyUnavailableException e) {
            throw new RetryLaterException("the incident could not be read: " + e.getMessage(), e);
        }
    }

    private void bring(ImportedFinding wanted) {
        Optional<AwsSecurityFinding> found = cloud.find(wanted);
        if (shows(found, wanted)) {
            return;
        }
        if (taken(wanted).isEmpty() || isOvertaken(found)) {
            put(wanted, found);
            found = cloud.find(wanted);
        }
        if (!shows(found, wanted)) {
            await(wanted, found);
        }
    }

    private static boolean shows(Optional<AwsSecurityFinding> found, ImportedFinding wanted) {
        return found.map(FindingForm::read).filter(wanted::equals).isPresent();
    }

    /** When Security Hub took the last import, if it is of this content. */
    private Optional<Instant> taken(ImportedFinding wanted) {
        PlannedCall last = FindingForm.call(wanted, SavedTime.read(state().getUpdateTime()));
        return calls().filter(call -> call.getParametersMap().equals(last.getParametersMap()))
                .filter(CallRecord::hasEndTime)
                .filter(call -> call.getError().isEmpty())
                .map(call -> SavedTime.read(call.getEndTime()))
                .reduce((first, second) -> second);
    }

    /** Others wrote after it, or just before it, and Security Hub dropped it. */
    private boolean isOvertaken(Optional<AwsSecurityFinding> found) {
        Instant ours = SavedTime.read(state().getUpdateTime());
        return found.map(FindingForm::updated).filter(each -> !each.isBefore(ours)).isPresent();
    }

    private void put(ImportedFinding wanted, Optional<AwsSecurityFinding> found) {
        long before =
                calls().filter(call -> call.getError().isEmpty())
                        .filter(call ->
                                wanted.getRecordState()
                                        .equals(call.getParametersMap().get(RECORD_STATE)))
                        .count();
        if (before >= MOST_IMPORTS) {
            throw unverified(wanted, found);
        }
        Instant updated = updated(found);
        FindingsState begun = state().toBuilder().setUpdateTime(SavedTime.of(updated)).build();
        run.saved(each -> each.setFindingsState(begun));
        try {
            run.call(
                    FindingForm.call(wanted, updated),
                    () -> cloud.put(FindingForm.write(wanted, updated)));
        } catch (SecurityHubException e) {
            throw refusal(e);
        }
    }

    /** Now, and newer than whatever Security Hub may have. */
    private Instant updated(Optional<AwsSecurityFinding> found) {
        return Stream.of(
                        clock.instant(),
                        SavedTime.read(state().getUpdateTime()).plusMillis(1),
                        found.map(FindingForm::updated).orElse(Instant.EPOCH).plusMillis(1))
                .map(each -> each.truncatedTo(ChronoUnit.MILLIS))
                .reduce((one, other) -> one.isBefore(other) ? other : one)
                .orElseThrow();
    }

    private RuntimeException refusal(SecurityHubException error) {
        if (error.statusCode() != OK) {
            return error;
        }
        String text = "Security Hub did not take the finding: " + AwsErrors.text(error);
        return PASSING.contains(AwsErrors.code(error))
                ? new RetryLaterException(text, error)
                : new ActionFailedException(text, error);
    }

    private void await(ImportedFinding wanted, Optional<AwsSecurityFinding> found) {
        Instant since = taken(wanted).orElseGet(clock::instant);
        if (Duration.between(since, clock.instant()).compareTo(config.patience()) < 0) {
            throw new StillPendingException(
                    "Security Hub does not show the finding yet", config.poll());
        }
        throw unverified(wanted, found);
    }

    private ActionFailedException unverified(
            ImportedFinding wanted, Optional<AwsSecurityFinding> found) {
        String shown =
                found.map(FindingForm::read)
                        .map(each -> "another " + FindingForm.differences(wanted, each))
                        .orElse("no such finding");
        String text =
                "applied but not verified: Security Hub took %s, and shows %s"
                        .formatted(wanted.getId(), shown);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, text);
        return new ActionFailedException(text);
    }
}
