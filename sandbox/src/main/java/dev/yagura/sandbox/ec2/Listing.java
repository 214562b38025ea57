package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.Resource;
import dev.yagura.sandbox.world.Table;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The common way of Describe operations: by ids or by pages, filtered either way.
 *
 * @param idParameter for example {@code InstanceId}
 */
record Listing<T extends Resource>(
        ResourceKind kind,
        Table<T> table,
        String idParameter,
        Filters<T> filters,
        Page.Rules rules) {

    /** The operation with the parameters of a listing. */
    Operation accept(Operation operation) {
        return operation.knows(
                idParameter + ".N", "Filter.N.Name", "Filter.N.Value.N", "MaxResults", "NextToken");
    }

    Page<T> page(Parameters parameters) {
        List<String> ids = parameters.list(idParameter);
        if (!ids.isEmpty() && parameters.has("MaxResults")) {
            throw ApiFault.of(
                    "InvalidParameterCombination",
                    "The parameter %s cannot be used with the parameter maxResults",
                    idParameter);
        }
        Collection<T> candidates = ids.isEmpty() ? table.all() : kind.findAll(table, ids);
        List<T> matching = candidates.stream().distinct().filter(filters.of(parameters)).toList();
        return ids.isEmpty()
                ? Page.of(matching, parameters, rules)
                : new Page<>(matching, Optional.empty());
    }
}
