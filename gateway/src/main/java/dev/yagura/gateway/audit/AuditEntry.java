package dev.yagura.gateway.audit;

import dev.yagura.common.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * One row of the audit. Never what a call carried.
 *
 * @param callId the same for begin and end of a call
 * @param method full name, cut to 200 characters
 * @param peer address and port
 * @param status gRPC code, empty when the call began
 * @param reason of google.rpc.ErrorInfo, empty when there is none
 * @param calls how many calls this row stands for
 */
public record AuditEntry(
        UUID callId,
        Event event,
        String method,
        Who who,
        String peer,
        String status,
        String reason,
        Instant time,
        Duration duration,
        long calls) {

    private static final int MAX_METHOD = 200;

    public AuditEntry {
        method = method.substring(0, Math.min(method.length(), MAX_METHOD));
    }

    /** What a row tells of. */
    public enum Event {
        /** A change or a stream was let in. */
        BEGAN,
        /** It is over, with this status. */
        ENDED,
        /** It was not let in. */
        REFUSED,
        /** Rows of streams that could not be kept while the database was away. */
        LOST
    }

    /** Whose call it is; empty texts for somebody unknown. */
    public record Who(String kind, String id, String name, String role) {
        public static final Who UNKNOWN = new Who("unknown", "", "", "");

        public static Who of(Principal principal) {
            return new Who(
                    word(principal.kind().name(), "PRINCIPAL_KIND_"),
                    principal.id(),
                    principal.displayName(),
                    word(principal.role().name(), "ROLE_"));
        }

        private static String word(String constant, String prefix) {
            String word = constant.substring(prefix.length()).toLowerCase(Locale.ROOT);
            return word.equals("unspecified") ? "" : word;
        }
    }
}
