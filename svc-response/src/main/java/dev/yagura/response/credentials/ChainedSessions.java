package dev.yagura.response.credentials;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where the sessions of an instance went on to, as CloudTrail tells.
 *
 * @param sessions that may still be valid, oldest lookup first
 * @param gap why there may be more; empty when CloudTrail told all that it knew
 */
record ChainedSessions(List<Session> sessions, Optional<String> gap) {
    ChainedSessions {
        sessions = List.copyOf(sessions);
    }

    /**
     * A session of a role.
     *
     * @param roleArn with its path
     * @param assumedRoleId "AROA…:session name"
     */
    record Session(String roleArn, String assumedRoleId) {}

    /** ARNs of their roles, each once. */
    Stream<String> roles() {
        return sessions.stream().map(Session::roleArn).distinct();
    }

    List<String> idsOf(String roleArn) {
        return sessions.stream()
                .filter(session -> session.roleArn().equals(roleArn))
                .map(Session::assumedRoleId)
                .distinct()
                .sorted()
                .toList();
    }

    /** The same of some roles only. */
    ChainedSessions ofRoles(Predicate<String> roleArn) {
        return new ChainedSessions(
                sessions.stream().filter(session -> roleArn.test(session.roleArn())).toList(), gap);
    }
}
