package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.world.Account;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Queries over several accounts and regions, and how up to date they are. */
final class AggregatorOperations {
    private static final String NAME = "ConfigurationAggregatorName";

    private final Account account;
    private final Aggregator aggregator;
    private final Clock clock;

    AggregatorOperations(Account account, Aggregator aggregator, Clock clock) {
        this.account = account;
        this.aggregator = aggregator;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("SelectAggregateResourceConfig", this::select)
                        .needs("Expression", NAME)
                        .knows("Limit", "NextToken"),
                Operation.named("DescribeConfigurationAggregatorSourcesStatus", this::sources)
                        .needs(NAME)
                        .knows("Limit", "NextToken"));
    }

    private Body select(Call call) {
        requireThere(call);
        Query query = ConfigApi.query(call);
        if (query.types() == null) {
            throw ApiFault.of(
                    "InvalidExpressionException",
                    "The sandbox aggregates by resourceType only, which is missing");
        }
        Instant now = clock.instant();
        List<Aggregator.Aggregated> matching =
                query.types().stream()
                        .flatMap(type -> aggregator.current(type, now))
                        .filter(each -> query.matches(each.item(), each.account()))
                        .sorted(Comparator.comparing(each -> position(query, each)))
                        .toList();
        Page<Aggregator.Aggregated> page =
                Page.of(
                        matching,
                        each -> position(query, each),
                        call.parameters(),
                        ConfigApi.QUERY_PAGES);
        return ConfigApi.results(
                query,
                page.items().stream()
                        .map(each ->
                                new ItemJson(each.account())
                                        .selected(each.item(), query.properties()))
                        .toList(),
                page.nextToken());
    }

    /** Without ORDER BY in an order that nobody can use. */
    private static String position(Query query, Aggregator.Aggregated each) {
        Account account = each.account();
        String key = "%s %s".formatted(each.item().key().type(), each.item().key().id());
        String place = "%s %s".formatted(account.id(), account.region());
        return query.ordered() ? place + " " + key : key + " " + place;
    }

    private Body sources(Call call) {
        requireThere(call);
        Page<Aggregator.Source> page =
                Page.of(
                        aggregator.sources(),
                        AggregatorOperations::position,
                        call.parameters(),
                        ConfigApi.SOURCE_PAGES);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("AggregatedSourceStatusList");
        page.items().forEach(each -> write(list.addObject(), each));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    private static String position(Aggregator.Source source) {
        Account account = source.recorder().account();
        return account.id() + " " + account.region();
    }

    private void write(ObjectNode into, Aggregator.Source source) {
        into.put("SourceId", source.recorder().account().id())
                .put("SourceType", "ACCOUNT")
                .put("AwsRegion", source.recorder().account().region())
                .put("LastUpdateStatus", source.status().name());
        Instant since = source.since();
        ItemJson.time(into, "LastUpdateTime", since == null ? clock.instant() : since);
        if (source.status() == Aggregator.Status.FAILED) {
            into.put("LastErrorCode", "AccessDenied")
                    .put("LastErrorMessage", "The source account has not authorized it.");
        }
    }

    private void requireThere(Call call) {
        String name = call.parameters().required(NAME);
        if (!aggregator.isAt(account, name)) {
            throw ApiFault.of(
                    "NoSuchConfigurationAggregatorException",
                    "The configuration aggregator does not exist. Check the configuration"
                            + " aggregator name and try again.");
        }
    }
}
