package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.ChainedRole;
import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.SavedTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /** Nobody waits for it, and at AWS's pace it is enough for all that is followed. */
    private static final Duration SEARCH = Duration.ofMinutes(1);

    /** IAM has 10,240 for all policies inside a role; the rest is left to the role's own ones. */
    private static final int MOST_CHARACTERS = 4096;

    private final RoleCloud cloud;
    private final RoleReader reader;
    private final CredentialsConfig config;
    private final ActionRun run;
    private final Clock clock;
    private final Scope scope;
    private final Set<String> gaps = new LinkedHashSet<>();

    ChainDenial(RoleCloud cloud, CredentialsConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.reader = new RoleReader(cloud);
        this.config = config;
        this.run = run;
        this.clock = clock;
        this.scope = run.action().getTarget().getScope();
    }

    /** Whether there may be sessions that CloudTrail has not told of yet. */
    boolean isOpen() {
        return clock.instant().isBefore(SavedTime.read(state().getIssuedBefore()).plus(FOLLOWED));
    }

    /**
     * Finds, saves, denies: what a lookup told before the next one.
     *
     * @return which sessions go on, or may; empty when CloudTrail told all that it knew, and all of
     *     them are denied
     */
    Optional<String> follow() {
        ChainedSessions chained =
                reader.chained(
                        run.action().getTarget(),
                        state().getRoleName(),
                        clock,
                        new TrailSearch.Patience(config.trailWait(), SEARCH),
                        this::take);
        // Also what a runner saved that did not come to deny it.
        deny();
        chained.gap().ifPresent(gaps::add);
        chained.roles().forEach(arn -> nameLeft(arn, chained.idsOf(arn)));
        return gaps.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", gaps));
    }

    private void take(ChainedSessions found) {
        List<ChainedRole> roles = new ArrayList<>(state().getChainedRolesList());
        found.roles().forEach(arn -> merge(roles, arn, found.idsOf(arn)));
        if (roles.equals(state().getChainedRolesList())) {
            run.extend();
            return;
        }
        saveRoles(roles);
        deny();
    }

    private void saveRoles(List<ChainedRole> roles) {
        RoleSessionState followed =
                state().toBuilder().clearChainedRoles().addAllChainedRoles(roles).build();
        run.saved(saving -> saving.setRoleSessionState(followed));
    }

    /** Those that no policy has room for. */
    private void nameLeft(String arn, List<String> found) {
        Set<String> left = new TreeSet<>(found);
        state().getChainedRolesList().stream()
                .filter(role -> role.getRoleArn().equals(arn))
                .forEach(role -> role.getAssumedRoleIdsList().forEach(left::remove));
        if (!left.isEmpty()) {
            gaps.add(left(arn, left.size()));
        }
    }

    /** For people. */
    static String left(String roleArn, int sessions) {
        return "%d more sessions of %s go on, beyond those that a policy has room for: %s"
                .formatted(sessions, name(roleArn), remedy(roleArn));
    }

    /** For people: what hits every session of a role, whoever has it. */
    static String remedy(String roleArn) {
        return "revoke_role_sessions of %s in account %s stops all of its sessions"
                .formatted(name(roleArn), roleArn.split(":", -1)[4]);
    }

    /** As many of them, in their order, as a policy has room for beside those that it names. */
    static List<String> fitting(List<String> named, List<String> more) {
        Set<String> all = new TreeSet<>(named);
        for (String id : more) {
            Set<String> longer = new TreeSet<>(all);
            longer.add(id);
            DenyPolicy policy = policy("", List.copyOf(longer), Instant.EPOCH);
            if (DenyPolicy.size(policy.document()) <= MOST_CHARACTERS) {
                all = longer;
            }
        }
        return List.copyOf(all);
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
        List<String> all = fitting(before.getAssumedRoleIdsList(), ids);
        if (all.equals(before.getAssumedRoleIdsList())) {
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

    /** Puts what is missing. One role that AWS keeps from us does not end a containment. */
    void deny() {
        for (ChainedRole role : here()) {
            if (!isMissing(role)) {
                continue;
            }
            RoleChange change = RoleChange.put(name(role.getRoleArn()), wanted(role));
            try {
                run.call(change.call(), () -> change.request().send(cloud));
            } catch (IamException e) {
                if (!AwsErrors.isRefused(e)) {
                    throw e;
                }
                // Where it was deleted meanwhile, its sessions are gone with it.
                if (!AwsErrors.isNoSuchEntity(e)) {
                    leave(role);
                }
            }
        }
    }

    /** Until another session of it is found. */
    private void leave(ChainedRole role) {
        saveRoles(
                state().getChainedRolesList().stream()
                        .map(each ->
                                each.equals(role)
                                        ? each.toBuilder().clearIssuedBefore().build()
                                        : each)
                        .toList());
    }

    /** Why, and what helps. */
    private String refusal(ChainedRole role) {
        String name = name(role.getRoleArn());
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(RoleChange.PUT))
                .filter(call -> call.getParametersOrDefault("RoleName", "").equals(name))
                .map(CallRecord::getError)
                .filter(error -> !error.isEmpty())
                .reduce((first, second) -> second)
                .map(error -> "the policy of %s was refused: %s; ".formatted(name, error))
                .orElse("")
                .concat(remedy(role.getRoleArn()));
    }

    /** Neither is there, nor gone with its role. */
    private boolean isMissing(ChainedRole role) {
        return !isThere(role) && reader.roleExists(name(role.getRoleArn()));
    }

    /** Roles that do not have their policy, nor are gone with it. */
    List<String> problems() {
        return here().stream()
                .filter(this::isMissing)
                .map(role ->
                        "%s does not have the policy %s"
                                .formatted(name(role.getRoleArn()), policyName(role)))
                .toList();
    }

    private DenyPolicy wanted(ChainedRole role) {
        return policy(
                policyName(role),
                role.getAssumedRoleIdsList(),
                SavedTime.read(role.getIssuedBefore()));
    }

    private boolean isThere(ChainedRole role) {
        return reader.policy(name(role.getRoleArn()), policyName(role))
                .filter(wanted(role)::isSameAs)
                .isPresent();
    }

    private String policyName(ChainedRole role) {
        return policyName(state(), role.getRoleArn());
    }

    /** For people. */
    String facts() {
        if (state().getChainedRolesCount() == 0) {
            return "no session of another role came of them, as far as CloudTrail tells";
        }
        Map<Boolean, List<ChainedRole>> here =
                here().stream().collect(Collectors.partitioningBy(this::isThere));
        Map<Boolean, List<ChainedRole>> others =
                state().getChainedRolesList().stream()
                        .filter(role -> !role.hasIssuedBefore())
                        .collect(
                                Collectors.partitioningBy(
                                        role -> isHere(scope, role.getRoleArn())));
        return Stream.of(
                        listed("sessions that came of them are denied too: ", here.get(true)),
                        listed("gone with their role, which was deleted: ", here.get(false)),
                        listed("go on, since AWS refuses their role's policy: ", others.get(true)),
                        others.getOrDefault(true, List.of()).stream()
                                .map(this::refusal)
                                .collect(Collectors.joining("; ")),
                        listed(
                                "go on, in other accounts, to be revoked there: ",
                                others.get(false)))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String listed(String words, @Nullable List<ChainedRole> roles) {
        String listed =
                (roles == null ? List.<ChainedRole>of() : roles)
                        .stream()
                                .map(role ->
                                        "%s (%s)"
                                                .formatted(
                                                        role.getRoleArn(),
                                                        String.join(
                                                                ", ",
                                                                role.getAssumedRoleIdsList())))
                                .collect(Collectors.joining(", "));
        return listed.isEmpty() ? "" : words + listed;
    }

    private List<ChainedRole> here() {
        return here(state());
    }

    private RoleSessionState state() {
        return run.action().getRoleSessionState();
    }

    /** Those of the account, which have a policy, unless it was refused. */
    static List<ChainedRole> here(RoleSessionState state) {
        return state.getChainedRolesList().stream().filter(ChainedRole::hasIssuedBefore).toList();
    }

    /** Policies of this action inside chained roles: by the role's name, the policy's. */
    static Map<String, String> put(Action action) {
        RoleSessionState state = action.getRoleSessionState();
        CallHistory history = new CallHistory(action);
        Map<String, String> put = new TreeMap<>();
        state.getChainedRolesList().stream()
                .filter(role -> isHere(action.getTarget().getScope(), role.getRoleArn()))
                .forEach(role -> {
                    String policy = policyName(state, role.getRoleArn());
                    Map<String, String> call =
                            Map.of("RoleName", name(role.getRoleArn()), "PolicyName", policy);
                    // One that was refused may have been put before, for fewer sessions.
                    if (role.hasIssuedBefore() || history.made(RoleChange.PUT, call)) {
                        put.put(name(role.getRoleArn()), policy);
                    }
                });
        return put;
    }

    private static String policyName(RoleSessionState state, String roleArn) {
        return policyName(state.getPolicyName(), state.getRoleName(), roleArn);
    }

    /**
     * The instance's own role, which a session may assume again, has two policies.
     *
     * @param own of the policy against the instance's own sessions
     * @param ownRole that has it
     */
    static String policyName(String own, String ownRole, String roleArn) {
        return name(roleArn).equals(ownRole) ? own + "-chained" : own;
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
