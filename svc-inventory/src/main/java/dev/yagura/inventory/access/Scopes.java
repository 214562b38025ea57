package dev.yagura.inventory.access;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.type.v1.Scope;
import java.util.regex.Pattern;

/** Text and validity of scopes. */
public final class Scopes {
    private static final Pattern PARTITION = Pattern.compile("aws(-[a-z]{2,10}){0,2}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,10}(-[a-z0-9]{1,12}){0,4}");

    private Scopes() {}

    public static Scope of(String partition, String accountId, String region) {
        return Scope.newBuilder()
                .setPartition(partition)
                .setAccountId(accountId)
                .setRegion(region)
                .build();
    }

    /**
     * Reads "partition:account:region".
     *
     * @throws IllegalArgumentException with the reason, for people
     */
    public static Scope parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3
                || !PARTITION.matcher(parts[0]).matches()
                || !ACCOUNT.matcher(parts[1]).matches()
                || !REGION.matcher(parts[2]).matches()) {
            throw new IllegalArgumentException(
                    "expected partition:account:region such as aws:111122223333:eu-west-1");
        }
        return of(parts[0], parts[1], parts[2]);
    }

    /** "partition:account:region". */
    public static String text(Scope scope) {
        return scope.getPartition() + ":" + scope.getAccountId() + ":" + scope.getRegion();
    }

    /** A scope of a request; every part is checked. */
    public static Scope require(String field, Scope scope) {
        require(field + ".partition", PARTITION, scope.getPartition(), "\"aws\"");
        requireAccount(field + ".account_id", scope.getAccountId());
        require(field + ".region", REGION, scope.getRegion(), "a region such as \"eu-west-1\"");
        return of(scope.getPartition(), scope.getAccountId(), scope.getRegion());
    }

    /** An account of a request. */
    public static String requireAccount(String field, String accountId) {
        require(field, ACCOUNT, accountId, "twelve digits");
        return accountId;
    }

    private static void require(String field, Pattern pattern, String value, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new InvalidFieldException(
                    field, value.isEmpty() ? "is empty" : "is malformed", "send " + expected);
        }
    }
}
