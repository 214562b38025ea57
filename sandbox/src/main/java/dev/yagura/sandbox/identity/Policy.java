package dev.yagura.sandbox.identity;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An identity policy whose statements have no conditions; the seed cannot express more, so nothing
 * is silently ignored.
 */
public record Policy(List<Statement> statements) {
    public Policy {
        statements = List.copyOf(statements);
    }

    /**
     * Actions, case-insensitive as in IAM, on resources; {@code *} and {@code ?} are wildcards in
     * both.
     *
     * @param resource pattern of ARNs; {@code *} is every one, and what an action concerns that the
     *     sandbox knows no resource of
     */
    public record Statement(boolean allow, List<String> actions, String resource) {
        public static final String EVERY_RESOURCE = "*";

        public Statement {
            actions = List.copyOf(actions);
        }

        Statement(boolean allow, List<String> actions) {
            this(allow, actions, EVERY_RESOURCE);
        }

        boolean names(String action, String on) {
            return actions.stream()
                            .anyMatch(pattern -> matches(pattern, action, Pattern.CASE_INSENSITIVE))
                    && matches(resource, on, 0);
        }

        private static boolean matches(String pattern, String text, int flags) {
            String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
            return Pattern.compile(regex, flags).matcher(text).matches();
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

    /** Of an action on no resource in particular, as SimulatePrincipalPolicy asks by itself. */
    public Decision decide(String action) {
        return decide(action, Statement.EVERY_RESOURCE);
    }

    /** A deny wins over every allow; what nothing allows is denied. */
    public Decision decide(String action, String resource) {
        boolean denied = statements.stream().anyMatch(s -> !s.allow() && s.names(action, resource));
        if (denied) {
            return Decision.EXPLICIT_DENY;
        }
        boolean allowed = statements.stream().anyMatch(s -> s.allow() && s.names(action, resource));
        return allowed ? Decision.ALLOWED : Decision.IMPLICIT_DENY;
    }
}
