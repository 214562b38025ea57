package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.ChainedRole;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.SavedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.model.IamException;

/**
 * Denies the sessions of other roles that the stolen ones went on to: exactly these, by their ids.
 * CloudTrail tells of a session some minutes late, so it is asked again by the watch for as long as
 * one may come to light.
 */
final class ChainDenial {
    /**
     * The last link was made before the deny, lives an hour, and is told within fifteen minutes.
     */
    private static final Duration FOLLOWED = Duration.ofHours(2);

    private final RoleCloud cloud;
    private final RoleReader reader;
    private final ActionRun run;
    private final Clock clock;
    private final Scope scope;

    ChainDenial(RoleCloud cloud, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.reader = new RoleReader(cloud);
        this.run = run;
        this.clock = clock;
        this.scope = run.action().getTarget().getScope();
    }

    /** Whether there may be sessions that CloudTrail has not told of yet. */
    boolean isOpen() {
        return clock.instant().isBefore(SavedTime.read(state().getIssuedBefore()).plus(FOLLOWED));
    }

    /**
     * Finds, saves, denies.
     *
     * @return why there may be more; empty when CloudTrail told all that it knew
     */
    Optional<String> follow() {
        ChainedSessions chained =
                reader.chained(
                        scope,
                        state().getRoleName(),
                        run.action().getTarget().getInstanceId(),
                        clock.instant());
        List<ChainedRole> roles = new ArrayList<>(state().getChainedRolesList());
        chained.roles().forEach(arn -> merge(roles, arn, chained.idsOf(arn)));
        if (!roles.equals(state().getChainedRolesList())) {
            RoleSessionState followed =
                    state().toBuilder().clearChainedRoles().addAllChainedRoles(roles).build();
            run.saved(saving -> saving.setRoleSessionState(followed));
        }
        deny();
        return chained.gap();
    }

    private void merge(List<ChainedRole> roles, String arn, List<String> ids) {
        int known = 0;
        while (known < roles.size() && !roles.get(known).getRoleArn().equals(arn)) {
            known++;
        }
        ChainedRole before =
                known < roles.size()
                        ? roles.get(known)
                        : ChainedRole.newBuilder().setRoleArn(arn).build();
        TreeSet<String> all = new TreeSet<>(before.getAssumedRoleIdsList());
        if (!all.addAll(ids)) {
            return;
        }
        ChainedRole.Builder changed =
                before.toBuilder().clearAssumedRoleIds().addAllAssumedRoleIds(all);
        if (isHere(scope, arn)) {
            changed.setIssuedBefore(SavedTime.of(DenyPolicy.limit(clock.instant())));
        }
        if (known < roles.size()) {
            roles.set(known, changed.build());
        } else {
            roles.add(changed.build());
        }
    }

    /** Puts what is missing. */
    void deny() {
        for (ChainedRole role : here()) {
            if (isThere(role)) {
                continue;
            }
            RoleChange change = RoleChange.put(name(role.getRoleArn()), wanted(role));
            try {
                run.call(change.call(), () -> change.request().send(cloud));
            } catch (IamException e) {
                // With the role its sessions are gone.
                if (!AwsErrors.isNoSuchEntity(e)) {
                    throw e;
                }
            }
        }
    }

    /** Roles that do not have their policy, nor are gone with it. */
    List<String> problems() {
        return here().stream()
                .filter(role -> !isThere(role) && reader.roleExists(name(role.getRoleArn())))
                .map(role ->
                        "%s does not have the policy %s"
                                .formatted(name(role.getRoleArn()), state().getPolicyName()))
                .toList();
    }

    private DenyPolicy wanted(ChainedRole role) {
        return policy(
                state().getPolicyName(),
                role.getAssumedRoleIdsList(),
                SavedTime.read(role.getIssuedBefore()));
    }

    private boolean isThere(ChainedRole role) {
        return reader.policy(name(role.getRoleArn()), state().getPolicyName())
                .filter(wanted(role)::isSameAs)
                .isPresent();
    }

    /** For people. */
    String facts() {
        List<ChainedRole> roles = state().getChainedRolesList();
        if (roles.isEmpty()) {
            return "no session of another role came of them, as far as CloudTrail tells";
        }
        String denied = listed(here());
        String left =
                listed(roles.stream().filter(role -> !isHere(scope, role.getRoleArn())).toList());
        return (denied.isEmpty() ? "" : "sessions that came of them are denied too: " + denied)
                + (denied.isEmpty() || left.isEmpty() ? "" : "; ")
                + (left.isEmpty() ? "" : "go on, in other accounts: " + left);
    }

    private static String listed(List<ChainedRole> roles) {
        return roles.stream()
                .map(role ->
                        "%s (%s)"
                                .formatted(
                                        role.getRoleArn(),
                                        String.join(", ", role.getAssumedRoleIdsList())))
                .collect(Collectors.joining(", "));
    }

    private List<ChainedRole> here() {
        return here(state());
    }

    private RoleSessionState state() {
        return run.action().getRoleSessionState();
    }

    /** Those of the account, which have a policy. */
    static List<ChainedRole> here(RoleSessionState state) {
        return state.getChainedRolesList().stream().filter(ChainedRole::hasIssuedBefore).toList();
    }

    static boolean isHere(Scope scope, String roleArn) {
        return roleArn.startsWith(
                "arn:%s:iam::%s:role/".formatted(scope.getPartition(), scope.getAccountId()));
    }

    /** Without the path. */
    static String name(String roleArn) {
        return roleArn.substring(roleArn.lastIndexOf('/') + 1);
    }

    static DenyPolicy policy(String name, List<String> assumedRoleIds, Instant issuedBefore) {
        return DenyPolicy.of(
                name,
                "YaguraContainChainedSessions",
                "%s,\"StringEquals\":{\"aws:userid\":[%s]}"
                        .formatted(
                                DenyPolicy.issuedBefore(issuedBefore),
                                assumedRoleIds.stream()
                                        .map(id -> "\"" + id + "\"")
                                        .collect(Collectors.joining(","))));
    }
}
