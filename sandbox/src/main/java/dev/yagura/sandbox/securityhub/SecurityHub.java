package dev.yagura.sandbox.securityhub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** Security Hub of the account and region, and the findings in it. */
public final class SecurityHub {
    static final String UPDATED = "UpdatedAt";
    static final String WORKFLOW = "Workflow";

    private final Account account;
    private final TreeMap<String, ObjectNode> byId = new TreeMap<>();
    private boolean enabled = true;

    public SecurityHub(Account account) {
        this.account = account;
    }

    /** Its findings go when it is disabled. */
    public void enable(boolean wanted) {
        enabled = wanted;
        if (!wanted) {
            byId.clear();
        }
    }

    /** What somebody does in the console to every finding, with BatchUpdateFindings. */
    public void work(String status, Instant now) {
        for (ObjectNode finding : byId.values()) {
            finding.putObject(WORKFLOW).put("Status", status);
            Instant next = Instant.parse(finding.path(UPDATED).asText()).plusSeconds(1);
            finding.put(UPDATED, (next.isBefore(now) ? now : next).toString());
        }
    }

    Account account() {
        return account;
    }

    String productArn() {
        return account.arn("securityhub", "product/" + account.id() + "/default");
    }

    void requireEnabled() {
        if (!enabled) {
            throw new ApiFault(
                    "InvalidAccessException",
                    401,
                    "Account " + account.id() + " is not subscribed to AWS Security Hub");
        }
    }

    Optional<ObjectNode> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    void put(String id, ObjectNode finding) {
        byId.put(id, finding);
    }

    Collection<ObjectNode> all() {
        return byId.values();
    }
}
