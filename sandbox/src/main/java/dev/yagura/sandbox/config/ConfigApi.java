package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.Account;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** AWS Config: the recorder, what is there by type or query, and the history of one resource. */
public final class ConfigApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "StarlingDoveService";

    private static final String NAME = "default";
    private static final String NAMES = "ConfigurationRecorderNames";
    private static final String KEYS = "resourceKeys";
    private static final int LONGEST_EXPRESSION = 4096;

    static final Page.Rules QUERY_PAGES = pages("Limit", "NextToken", 25);
    static final Page.Rules SOURCE_PAGES = pages("Limit", "NextToken", 100);
    private static final Page.Rules LIST_PAGES = pages("limit", "nextToken", 100);
    private static final Page.Rules HISTORY_PAGES = pages("limit", "nextToken", 10);

    private final Recorder recorder;
    private final Clock clock;
    private final ItemJson json;

    private ConfigApi(Recorder recorder, Clock clock) {
        this.recorder = recorder;
        this.clock = clock;
        this.json = new ItemJson(recorder.account());
    }

    /**
     * @param clock by which items are delivered
     */
    public static Api of(Recorder recorder, Aggregator aggregator, Clock clock) {
        ConfigApi api = new ConfigApi(recorder, clock);
        return Api.of(
                "config",
                Protocol.JSON,
                "",
                TARGET,
                false,
                Stream.concat(
                                api.operations().stream(),
                                new AggregatorOperations(recorder.account(), aggregator, clock)
                                        .all().stream())
                        .toList());
    }

    private List<Operation> operations() {
        return List.of(
                Operation.named("DescribeConfigurationRecorders", this::recorders)
                        .knows(NAMES + ".N"),
                Operation.named("DescribeConfigurationRecorderStatus", this::status)
                        .knows(NAMES + ".N"),
                Operation.named("SelectResourceConfig", this::select)
                        .needs("Expression")
                        .knows("Limit", "NextToken"),
                Operation.named("BatchGetResourceConfig", this::batch)
                        .needs(KEYS)
                        .knows(KEYS + ".N.resourceType", KEYS + ".N.resourceId"),
                Operation.named("ListDiscoveredResources", this::list)
                        .needs("resourceType")
                        .knows("resourceIds.N", "includeDeletedResources", "limit", "nextToken"),
                Operation.named("GetResourceConfigHistory", this::history)
                        .needs("resourceType", "resourceId")
                        .knows("laterTime", "limit", "nextToken"));
    }

    private static Page.Rules pages(String size, String token, int standard) {
        return new Page.Rules(
                size,
                token,
                0,
                100,
                standard,
                "InvalidNextTokenException",
                "InvalidLimitException");
    }

    private Body recorders(Call call) {
        requireKnown(call.parameters());
        Account account = recorder.account();
        ObjectNode answer = Json.object();
        ObjectNode into = answer.putArray("ConfigurationRecorders").addObject();
        into.put("name", NAME)
                .put("arn", arn())
                .put(
                        "roleARN",
                        account.globalArn(
                                "iam",
                                "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"))
                .put("recordingScope", "PAID");
        boolean every = recorder.types().isEmpty();
        ObjectNode group = into.putObject("recordingGroup");
        group.put("allSupported", every).put("includeGlobalResourceTypes", every);
        ArrayNode types = group.putArray("resourceTypes");
        recorder.types().forEach(types::add);
        group.putObject("recordingStrategy")
                .put(
                        "useOnly",
                        every ? "ALL_SUPPORTED_RESOURCE_TYPES" : "INCLUSION_BY_RESOURCE_TYPES");
        into.putObject("recordingMode").put("recordingFrequency", "CONTINUOUS");
        return new Body.Members(answer);
    }

    private Body status(Call call) {
        requireKnown(call.parameters());
        ObjectNode answer = Json.object();
        ObjectNode into = answer.putArray("ConfigurationRecordersStatus").addObject();
        into.put("name", NAME)
                .put("arn", arn())
                .put("recording", recorder.isRecording())
                .put("lastStatus", recorder.isFailing() ? "Failure" : "Success");
        if (recorder.isFailing()) {
            into.put("lastErrorCode", "AccessDenied")
                    .put("lastErrorMessage", "The role of the recorder may not describe it.");
        }
        ItemJson.time(into, "lastStartTime", recorder.startedAt());
        recorder.stoppedAt().ifPresent(at -> ItemJson.time(into, "lastStopTime", at));
        ItemJson.time(into, "lastStatusChangeTime", recorder.changedAt());
        return new Body.Members(answer);
    }

    private String arn() {
        return recorder.account().arn("config", "configuration-recorder/" + NAME);
    }

    private static void requireKnown(Parameters parameters) {
        for (String name : parameters.list(NAMES)) {
            if (!name.equals(NAME)) {
                throw ApiFault.of(
                        "NoSuchConfigurationRecorderException",
                        "Cannot find configuration recorder with the specified name '%s'.",
                        name);
            }
        }
    }

    private Body select(Call call) {
        Query query = query(call);
        Instant now = clock.instant();
        Page<Item> page =
                Page.of(
                        position ->
                                matching(query, ResourceKey.parse(position), now)
                                        .filter(item -> item.status().isRecorded())
                                        .filter(item -> query.matches(item, recorder.account())),
                        item -> item.key().toString(),
                        call.parameters(),
                        QUERY_PAGES);
        return results(
                query,
                page.items().stream().map(item -> json.selected(item, query.properties())).toList(),
                page.nextToken());
    }

    static Query query(Call call) {
        String expression = call.parameters().required("Expression");
        if (expression.length() > LONGEST_EXPRESSION) {
            throw ApiFault.of(
                    "ValidationException",
                    "Value at 'expression' failed to satisfy constraint: Member must have length"
                            + " less than or equal to %d",
                    LONGEST_EXPRESSION);
        }
        return Query.parse(expression);
    }

    static Body results(Query query, List<String> selected, Optional<String> nextToken) {
        ObjectNode answer = Json.object();
        ArrayNode results = answer.putArray("Results");
        selected.forEach(results::add);
        ArrayNode fields = answer.putObject("QueryInfo").putArray("SelectFields");
        query.properties().forEach(name -> fields.addObject().put("Name", name));
        nextToken.ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    /** In the order of keys, and not before it is asked for. */
    private Stream<Item> matching(Query query, ResourceKey after, Instant now) {
        Histories histories = recorder.histories();
        SortedSet<String> ids = query.ids();
        SortedSet<String> types = query.types() == null ? histories.types() : query.types();
        if (ids == null) {
            return types.stream().flatMap(type -> histories.current(type, after, now));
        }
        return types.stream()
                .flatMap(type -> ids.stream().map(id -> new ResourceKey(type, id)))
                .filter(key -> key.compareTo(after) > 0)
                .flatMap(key -> histories.current(key, now).stream());
    }

    private Body batch(Call call) {
        List<Parameters> keys = call.parameters().structures(KEYS);
        if (keys.isEmpty() || keys.size() > Recorder.LARGEST_BATCH) {
            throw ApiFault.of(
                    "ValidationException",
                    "Value at 'resourceKeys' failed to satisfy constraint: Member must have length"
                            + " from 1 to %d",
                    Recorder.LARGEST_BATCH);
        }
        Instant now = clock.instant();
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("baseConfigurationItems");
        ArrayNode unprocessed = answer.putArray("unprocessedResourceKeys");
        for (int i = 0; i < keys.size(); i++) {
            ResourceKey key =
                    new ResourceKey(
                            keys.get(i).required("resourceType"),
                            keys.get(i).required("resourceId"));
            if (i < recorder.batch()) {
                recorder.histories()
                        .current(key, now)
                        .filter(item -> !item.status().isDeleted())
                        .ifPresent(item -> items.add(json.base(item)));
            } else {
                unprocessed.addObject().put("resourceType", key.type()).put("resourceId", key.id());
            }
        }
        return new Body.Members(answer);
    }

    private Body list(Call call) {
        Parameters parameters = call.parameters();
        String type = parameters.required("resourceType");
        List<String> ids = parameters.list("resourceIds");
        boolean deleted = parameters.flag("includeDeletedResources").orElse(false);
        Instant now = clock.instant();
        Page<Item> page =
                Page.of(
                        position ->
                                recorder.histories()
                                        .current(type, new ResourceKey(type, position), now)
                                        .filter(item -> deleted || !item.status().isDeleted())
                                        .filter(item ->
                                                ids.isEmpty() || ids.contains(item.key().id())),
                        item -> item.key().id(),
                        parameters,
                        LIST_PAGES);
        ObjectNode answer = Json.object();
        ArrayNode identifiers = answer.putArray("resourceIdentifiers");
        page.items().forEach(item -> identify(identifiers.addObject(), item));
        page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        return new Body.Members(answer);
    }

    private void identify(ObjectNode into, Item item) {
        into.put("resourceType", item.key().type()).put("resourceId", item.key().id());
        Optional.ofNullable(item.subject().describe(recorder.account()).name())
                .ifPresent(name -> into.put("resourceName", name));
        if (item.status().isDeleted()) {
            ItemJson.time(into, "resourceDeletionTime", item.capturedAt());
        }
    }

    private Body history(Call call) {
        Parameters parameters = call.parameters();
        ResourceKey key =
                new ResourceKey(
                        parameters.required("resourceType"), parameters.required("resourceId"));
        List<Item> items = recorder.histories().delivered(key, clock.instant());
        if (items.isEmpty()) {
            throw ApiFault.of(
                    "ResourceNotDiscoveredException",
                    "Resource %s of resourceType:%s is unknown or has not been discovered",
                    key.id(),
                    key.type());
        }
        Instant later = parameters.text("laterTime").map(ConfigApi::time).orElse(Instant.MAX);
        Page<Numbered> page =
                Page.of(
                        IntStream.range(0, items.size())
                                .map(i -> items.size() - 1 - i)
                                .filter(i -> !items.get(i).capturedAt().isAfter(later))
                                .mapToObj(i -> new Numbered(i, items.get(i)))
                                .toList(),
                        Numbered::position,
                        parameters,
                        HISTORY_PAGES);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("configurationItems");
        page.items().forEach(each -> list.add(json.whole(each.item())));
        page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        return new Body.Members(answer);
    }

    private static Instant time(String seconds) {
        return Instant.ofEpochMilli(new BigDecimal(seconds).movePointRight(3).longValue());
    }

    /** An item of a history, whose place stays when newer ones come. */
    private record Numbered(int number, Item item) {
        /** Falls from the oldest to the newest, so that the newest is first. */
        String position() {
            return "%010d".formatted(Integer.MAX_VALUE - number);
        }
    }
}
