package dev.yagura.sandbox.identity;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An identity policy whose statements apply to every resource and have no conditions; the seed
 * cannot express more, so nothing is silently ignored.
 */
public record Policy(List<Statement> statements) {
    public Policy {
        statements = List.copyOf(statements);
    }

    /** Actions with {@code *} and {@code ?} as wildcards, case-insensitive as in IAM. */
    public record Statement(boolean allow, List<String> actions) {
        public Statement {
            actions = List.copyOf(actions);
        }

        boolean names(String action) {
            return actions.stream()
                    .anyMatch(pattern -> wildcards(pattern).matcher(action).matches());
        }

        private static Pattern wildcards(String pattern) {
            String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
            return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        }
    }

    /** IAM's decisions, named as SimulatePrincipalPolicy names them. */
    public enum Decision {
        ALLOWED("allowed"),
        EXPLICIT_DENY("explicitDeny"),
        IMPLICIT_DENY("implicitDeny");

        private final String text;

        Decision(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** A deny wins over every allow; what nothing allows is denied. */
    public Decision decide(String action) {
        boolean denied = statements.stream().anyMatch(s -> !s.allow() && s.names(action));
        if (denied) {
            return Decision.EXPLICIT_DENY;
        }
        boolean allowed = statements.stream().anyMatch(s -> s.allow() && s.names(action));
        return allowed ? Decision.ALLOWED : Decision.IMPLICIT_DENY;
    }
}
