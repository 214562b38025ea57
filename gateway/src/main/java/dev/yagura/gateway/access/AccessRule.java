package dev.yagura.gateway.access;

import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.type.v1.Role;
import java.util.Locale;

/** Who may call a method, and whether it changes something. */
public sealed interface AccessRule {

    /** Lets the caller in or throws. */
    void require(Principal principal);

    /** True for a method whose call is stored in the audit before it is let through. */
    boolean changes();

    /** For people. */
    String callers();

    /** Without any proof: the request carries its own, or there is nothing to protect. */
    record Anyone(boolean changes) implements AccessRule {
        @Override
        public void require(Principal principal) {
            // Everybody may.
        }

        @Override
        public String callers() {
            return "anyone";
        }
    }

    /** Agents, known by their client certificates. Their streams are never held up by the audit. */
    record Agents() implements AccessRule {
        @Override
        public void require(Principal principal) {
            principal.requireAgent();
        }

        @Override
        public boolean changes() {
            return false;
        }

        @Override
        public String callers() {
            return "agents";
        }
    }

    /** People and programs with a bearer token of this role or one that includes it. */
    record Users(Role minimum, boolean changes) implements AccessRule {
        @Override
        public void require(Principal principal) {
            if (!principal.isToken()) {
                throw new PermissionDeniedException(
                        "this method is for people and programs: send a bearer token, without an"
                                + " agent's certificate");
            }
            if (principal.role().getNumber() < minimum.getNumber()) {
                throw new PermissionDeniedException(
                        "this method needs the role "
                                + name(minimum)
                                + ", the token has "
                                + name(principal.role()));
            }
        }

        @Override
        public String callers() {
            return name(minimum) + " and up";
        }

        private static String name(Role role) {
            return role.name().substring("ROLE_".length()).toLowerCase(Locale.ROOT);
        }
    }

    /** Services among themselves; from outside there is no such method. */
    record Platform() implements AccessRule {
        @Override
        public void require(Principal principal) {
            throw new UnauthenticatedException("this method is not served here");
        }

        @Override
        public boolean changes() {
            return false;
        }

        @Override
        public String callers() {
            return "services only";
        }
    }
}
