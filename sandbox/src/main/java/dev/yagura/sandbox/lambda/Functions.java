package dev.yagura.sandbox.lambda;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** The functions of the account, by name. */
public final class Functions {
    private final Account account;
    private final TreeMap<String, LambdaFunction> byName = new TreeMap<>();

    public Functions(Account account) {
        this.account = account;
    }

    public void add(LambdaFunction function) {
        byName.put(function.name(), function);
    }

    public void remove(String name) {
        byName.remove(name);
    }

    public Optional<LambdaFunction> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Collection<LambdaFunction> all() {
        return byName.values();
    }

    /**
     * @param text name or ARN
     */
    LambdaFunction get(String text) {
        return find(name(text))
                .orElseThrow(() ->
                        new ApiFault(
                                "ResourceNotFoundException",
                                404,
                                "Function not found: " + arn(name(text))));
    }

    String arn(String name) {
        return account.arn("lambda", "function:" + name);
    }

    private String name(String text) {
        String prefix = arn("");
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }
}
