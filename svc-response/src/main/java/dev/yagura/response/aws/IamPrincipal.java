package dev.yagura.response.aws;

/** A user or role of an account, by its name, which is unique there whatever its path. */
public record IamPrincipal(Kind kind, String name) {
    /** What has policies inside. */
    public enum Kind {
        USER,
        ROLE
    }

    public static IamPrincipal user(String name) {
        return new IamPrincipal(Kind.USER, name);
    }

    public static IamPrincipal role(String name) {
        return new IamPrincipal(Kind.ROLE, name);
    }

    /** "the role web-instance", for people. */
    @Override
    public String toString() {
        return switch (kind) {
                    case USER -> "the user ";
                    case ROLE -> "the role ";
                }
                + name;
    }
}
