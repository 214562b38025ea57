package dev.yagura.response.playbook;

import dev.yagura.common.ids.Ids;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FindingsTarget;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
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

    /** The same for one element of the step's list. */
    static UUID requestId(PlaybookRun run, PlaybookStep step, int element, int attempt) {
        return Ids.v5(
                NAMESPACE,
                run.getName(),
                step.getId(),
                Expressions.EACH,
                Integer.toString(element),
                Integer.toString(attempt));
    }

    /**
     * What a step asks for.
     *
     * @throws dev.yagura.common.error.InvalidFieldException its target is none of its kind
     * @throws ExpressionException a field of its target cannot be told for this incident
     */
    static ActionCatalog.Order of(PlaybookRun run, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        return of(run, step, target(run.getSnapshot(), step, scope), "");
    }

    /**
     * What an element of its list asks for.
     *
     * @throws dev.yagura.common.error.InvalidFieldException its target is none of its kind
     */
    static ActionCatalog.Order of(PlaybookRun run, PlaybookStep step, StepRun element) {
        return of(run, step, element.getTarget(), ", " + element.getElement());
    }

    private static ActionCatalog.Order of(
            PlaybookRun run, PlaybookStep step, ActionTarget target, String element) {
        ActionKind kind = Kinds.of(step.getAction());
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
                        + element
                        + ")",
                run.getIncident(),
                Set.of(),
                run.getName(),
                step.getApproval() || run.getQuiet());
    }

    /**
     * What its action is on.
     *
     * @throws ExpressionException that cannot be told for this incident
     */
    static ActionTarget target(Incident incident, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        AssetSnapshot asset = asset(incident, scope);
        ActionTarget.Builder target = ActionTarget.newBuilder().setScope(scope(incident, asset));
        if (Kinds.of(step.getAction()) == ActionKind.ACTION_KIND_IMPORT_FINDINGS) {
            // Of the incident as it is; nothing of it can be said in with.
            return target.setFindings(FindingsTarget.getDefaultInstance()).build();
        }
        boolean hasInstance =
                step.getWithMap().keySet().stream().noneMatch(StepOrders::standsInstead);
        if (hasInstance) {
            target.setInstanceId(asset.getInstanceId());
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

    /** An element that is a host stands for the incident's. */
    private static AssetSnapshot asset(Incident incident, Expressions.Scope scope) {
        return scope.each()
                .map(Expressions.Element::value)
                .filter(AssetSnapshot.class::isInstance)
                .map(AssetSnapshot.class::cast)
                .orElse(incident.getAsset());
    }

    /** Another host may be in another region, but whoever started the run may see one account. */
    private static Scope scope(Incident incident, AssetSnapshot asset) throws ExpressionException {
        Scope own = scope(incident);
        if (!asset.hasScope()) {
            return own;
        }
        Scope other = asset.getScope();
        if (!other.getAccountId().equals(own.getAccountId())
                || !other.getPartition().equals(own.getPartition())) {
            throw new ExpressionException(
                    "it is in account "
                            + other.getAccountId()
                            + ", and a playbook acts in that of its incident, "
                            + own.getAccountId());
        }
        return other;
    }

    /** Of the account that the incident is in. */
    static Scope scope(Incident incident) {
        return IncidentSource.scope(incident);
    }
}
