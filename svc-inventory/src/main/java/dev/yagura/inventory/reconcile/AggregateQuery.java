package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One query of an aggregator: a type in one region of several accounts, in their order.
 *
 * @param accounts in order; at least one
 */
record AggregateQuery(String resourceType, String region, List<String> accounts) {
    /** An expression has at most 4,096 characters, and an account takes 15 of them. */
    static final int ACCOUNTS = 100;

    AggregateQuery {
        accounts = List.copyOf(accounts);
    }

    /** Ordered, so that an account is complete once a later one comes. */
    String expression(String properties) {
        return "SELECT accountId, %s WHERE resourceType = '%s' AND awsRegion = '%s' AND accountId IN (%s) ORDER BY accountId"
                .formatted(
                        properties,
                        resourceType,
                        region,
                        accounts.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")));
    }

    static AggregateQuery of(AssetSet set, List<String> accounts) {
        return new AggregateQuery(
                set.resourceType(),
                set.scope().getRegion(),
                accounts.stream().limit(ACCOUNTS).toList());
    }
}
