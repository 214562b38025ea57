package dev.yagura.response.playbook;

import dev.yagura.common.ids.Ids;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FindingsTarget;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.action.ActionRequests;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import dev.yagura.response.proposal.IncidentSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The actions of a run. */
final class StepOrders {
    private static final UUID NAMESPACE = UUID.fromString("0198c0de-7e57-7000-8000-706c6179626b");

    private StepOrders() {}

    /** The same for the same try of the same step of the same run, whoever asks, however often. */
    static UUID requestId(PlaybookRun run, PlaybookStep step, int attempt) {
        return Ids.v5(NAMESPACE, run.getName(), step.getId(), Integer.toString(attempt));
    }

    /**
     * What a step asks for.
     *
     * @throws dev.yagura.common.error.InvalidFieldException its target is none of its kind
     * @throws ExpressionException a field of its target cannot be told for this incident
     */
    static ActionCatalog.Order of(PlaybookRun run, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        ActionKind kind = Kinds.of(step.getAction());
        ActionTarget target = target(run.getSnapshot(), step, scope);
        ActionRequests.checkTarget(kind, target);
        return new ActionCatalog.Order(
                kind,
                target,
                run.getReason()
                        + " (playbook "
                        + run.getSpec().getId()
                        + " version "
                        + run.getVersion()
                        + ", step "
                        + step.getId()
                        + ")",
                run.getIncident(),
                Set.of(),
                run.getName(),
                step.getApproval() || run.getQuiet());
    }

    private static ActionTarget target(
            Incident incident, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        ActionTarget.Builder target = ActionTarget.newBuilder().setScope(scope(incident));
        if (Kinds.of(step.getAction()) == ActionKind.ACTION_KIND_IMPORT_FINDINGS) {
            // Of the incident as it is; nothing of it can be said in with.
            return target.setFindings(FindingsTarget.getDefaultInstance()).build();
        }
        boolean hasInstance =
                step.getWithMap().keySet().stream().noneMatch(StepOrders::standsInstead);
        if (hasInstance) {
            target.setInstanceId(incident.getAsset().getInstanceId());
        }
        for (Map.Entry<String, String> with : step.getWithMap().entrySet()) {
            try {
                TargetFields.set(target, with.getKey(), Expressions.value(with.getValue(), scope));
            } catch (ExpressionException e) {
                throw new ExpressionException(with.getKey() + ": " + e.getMessage());
            }
        }
        return target.build();
    }

    /** Of the incident's instance, which a process or a file of it does not. */
    private static boolean standsInstead(String path) {
        return !path.startsWith("process.") && !path.startsWith("file.");
    }

    /** Of the account that the incident is in. */
    static Scope scope(Incident incident) {
        return IncidentSource.scope(incident);
    }
}
