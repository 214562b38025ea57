package dev.yagura.response.aws;

import dev.yagura.proto.response.v1.Action;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A policy that an action puts inside a role or user: it denies everything, to all of its sessions
 * or to some.
 *
 * @param name names the action, so that it is recognized and nobody else's is touched
 * @param document as it is sent, and as IAM gives it back
 */
public record DenyPolicy(String name, String document) {

    /**
     * @param sid of its only statement
     * @param conditions all of which must hold, as JSON without its braces; empty for always
     */
    public static DenyPolicy of(String name, String sid, String conditions) {
        return new DenyPolicy(
                name,
                """
                {"Version":"2012-10-17","Statement":[{"Sid":"%s",\
                "Effect":"Deny","Action":"*","Resource":"*"%s}]}\
                """
                        .formatted(
                                sid,
                                conditions.isEmpty() ? "" : ",\"Condition\":{" + conditions + "}"));
    }

    /** The condition that a session was issued before a moment. */
    public static String issuedBefore(Instant moment) {
        return "\"DateLessThan\":{\"aws:TokenIssueTime\":\"" + moment + "\"}";
    }

    /** The policy's name; that of a plan without an action names the place of the id. */
    public static String name(String prefix, Action action) {
        String id = action.getName().substring(action.getName().indexOf('/') + 1);
        return prefix + (id.isEmpty() ? "ACTION" : id);
    }

    /** Issue times have whole seconds: what is issued in this one must be hit too. */
    public static Instant limit(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    /** Whether a policy says the same; white space is nobody's change. */
    public boolean isSameAs(String other) {
        return document.equals(other.replaceAll("\\s", ""));
    }

    /** As IAM counts it: white space is free. */
    public static int size(String document) {
        return document.replaceAll("\\s", "").length();
    }
}
