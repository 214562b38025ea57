package dev.yagura.response.action;

import dev.yagura.proto.type.v1.Scope;
import java.util.regex.Pattern;

/** Names of Lambda functions, which are unique in an account and region. */
public final class FunctionName {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private FunctionName() {}

    /**
     * The bare name.
     *
     * @param text name or ARN, without version or alias
     */
    public static String of(String text) {
        return text.substring(text.lastIndexOf(':') + 1);
    }

    /** Whether it is a name, or an ARN of one in the scope. */
    static boolean isIn(Scope scope, String text) {
        String prefix =
                "arn:%s:lambda:%s:%s:function:"
                        .formatted(scope.getPartition(), scope.getRegion(), scope.getAccountId());
        return NAME.matcher(text.startsWith(prefix) ? text.substring(prefix.length()) : text)
                .matches();
    }
}
