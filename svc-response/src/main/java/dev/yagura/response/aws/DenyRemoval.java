package dev.yagura.response.aws;

import dev.yagura.response.action.ActionRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.IamException;

/** Takes the policy that an action put out of a role or user again. */
public final class DenyRemoval {
    private final IamClient iam;
    private final PrincipalPolicies policies;
    private final String policyName;
    private final ActionRun run;
    private final CallHistory history;

    public DenyRemoval(IamClient iam, IamPrincipal principal, String policyName, ActionRun run) {
        this.iam = iam;
        this.policies = new PrincipalPolicies(iam, principal);
        this.policyName = policyName;
        this.run = run;
        this.history = new CallHistory(run.action());
    }

    /**
     * Deletes it, not only where it is seen: one that was put just now may not be shown yet. What
     * others made of it is reported.
     */
    public void remove() {
        String put = PolicyChange.putOperation(policies.principal());
        Map<String, String> here = PolicyChange.of(policies.principal());
        if (!history.perhapsMade(put, here)) {
            return;
        }
        AwsChange<IamClient> deletion = PolicyChange.delete(policies.principal(), policyName);
        Optional<String> seen = policies.document(policyName);
        if (seen.isEmpty() && history.made(deletion.call())) {
            return;
        }
        seen.filter(document -> !isOurs(document))
                .ifPresent(document ->
                        run.drift(
                                List.of(
                                        named()
                                                + " was changed meanwhile to "
                                                + document
                                                + "; deleted, since its name is this action's")));
        boolean others =
                seen.isEmpty() && history.made(put, here) && !history.perhapsMade(deletion.call());
        try {
            deletion.make(run, iam);
        } catch (IamException e) {
            if (!AwsErrors.isNoSuchEntity(e)) {
                throw e;
            }
            if (others) {
                run.drift(List.of(named() + " was deleted meanwhile"));
            }
        }
    }

    private String named() {
        return "the policy %s of %s".formatted(policyName, policies.principal().name());
    }

    /** Whether this action put it so; it may have put it twice, with another limit. */
    private boolean isOurs(String document) {
        return new CallHistory(run.action())
                .having(
                        PolicyChange.putOperation(policies.principal()),
                        PolicyChange.of(policies.principal()))
                .map(call -> call.getParametersOrDefault(PolicyChange.DOCUMENT, ""))
                .anyMatch(each -> new DenyPolicy(policyName, each).isSameAs(document));
    }
}
