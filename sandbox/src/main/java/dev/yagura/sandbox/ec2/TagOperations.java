package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.Table;
import dev.yagura.sandbox.world.World;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** CreateTags, DeleteTags, DescribeTags. */
final class TagOperations {
    /** One tag of one resource. */
    private record Tag(String resourceId, ResourceKind kind, String key, String value) {
        String position() {
            return resourceId + "/" + key;
        }
    }

    private final World world;
    private final Map<ResourceKind, Table<?>> tables;
    private final Filters<Tag> filters;

    TagOperations(World world) {
        this.world = world;
        this.tables = new EnumMap<>(ResourceKind.class);
        tables.put(ResourceKind.INSTANCE, world.instances());
        tables.put(ResourceKind.NETWORK_INTERFACE, world.interfaces());
        tables.put(ResourceKind.SECURITY_GROUP, world.securityGroups());
        tables.put(ResourceKind.VPC, world.vpcs());
        tables.put(ResourceKind.SUBNET, world.subnets());
        tables.put(ResourceKind.ROUTE_TABLE, world.routeTables());
        tables.put(ResourceKind.NETWORK_ACL, world.networkAcls());
        tables.put(ResourceKind.VPC_ENDPOINT, world.vpcEndpoints());
        tables.put(ResourceKind.VOLUME, world.volumes());
        tables.put(ResourceKind.SNAPSHOT, world.snapshots());
        tables.put(ResourceKind.PREFIX_LIST, world.prefixLists());
        this.filters =
                Filters.<Tag>tagged(tag -> Map.of(tag.key(), tag.value()))
                        .field("key", tag -> Stream.of(tag.key()))
                        .field("value", tag -> Stream.of(tag.value()))
                        .field("resource-id", tag -> Stream.of(tag.resourceId()))
                        .field("resource-type", tag -> Stream.of(tag.kind().tagType()));
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateTags", this::create)
                        .needs("ResourceId", "Tag")
                        .knows("Tag.N.Key", "Tag.N.Value"),
                Operation.named("DeleteTags", this::delete)
                        .needs("ResourceId")
                        .knows("Tag.N.Key", "Tag.N.Value"),
                Operation.named("DescribeTags", this::describe)
                        .knows("Filter.N.Name", "Filter.N.Value.N", "MaxResults", "NextToken"));
    }

    private Body create(Call call) {
        List<String> resources = resources(call);
        Map<String, String> tags = TagParameters.read(call.parameters());
        for (String id : resources) {
            Map<String, String> after = new HashMap<>(world.tags().of(id));
            after.putAll(tags);
            TagParameters.checkCount(world, after.size());
        }
        resources.forEach(id -> world.tags().put(id, tags));
        return Xml.ofItems().text("return", true).body();
    }

    private Body delete(Call call) {
        List<String> resources = resources(call);
        List<Parameters> wanted = call.parameters().structures("Tag");
        wanted.forEach(tag -> TagParameters.checkKey(tag.required("Key")));
        for (String id : resources) {
            if (wanted.isEmpty()) {
                world.tags().forget(id);
            }
            wanted.forEach(tag -> delete(id, tag));
        }
        return Xml.ofItems().text("return", true).body();
    }

    /** With a value, only a tag that has that value goes. */
    private void delete(String resourceId, Parameters tag) {
        String key = tag.required("Key");
        String current = world.tags().of(resourceId).get(key);
        if (tag.text("Value").map(value -> value.equals(current)).orElse(true)) {
            world.tags().remove(resourceId, key);
        }
    }

    private Body describe(Call call) {
        List<Tag> tags =
                world.tags().all().entrySet().stream()
                        .flatMap(TagOperations::tags)
                        .filter(filters.of(call.parameters()))
                        .toList();
        Page<Tag> page = Page.of(tags, Tag::position, call.parameters(), Page.Rules.ec2(5, 1000));
        return Xml.ofItems()
                .list(
                        "tagSet",
                        page.items(),
                        (xml, tag) ->
                                xml.text("resourceId", tag.resourceId())
                                        .text("resourceType", tag.kind().tagType())
                                        .text("key", tag.key())
                                        .text("value", tag.value()))
                .text("nextToken", page.nextToken())
                .body();
    }

    private static <M extends Map<String, String>> Stream<Tag> tags(Map.Entry<String, M> resource) {
        ResourceKind kind = kindOf(resource.getKey());
        return resource.getValue().entrySet().stream()
                .map(tag -> new Tag(resource.getKey(), kind, tag.getKey(), tag.getValue()));
    }

    private List<String> resources(Call call) {
        List<String> ids = call.parameters().list("ResourceId");
        ids.forEach(this::checkExists);
        return ids;
    }

    private void checkExists(String id) {
        ResourceKind kind = kindOf(id);
        if (kind == ResourceKind.SECURITY_GROUP_RULE) {
            boolean known =
                    world.securityGroups().all().stream()
                            .map(SecurityGroup::rules)
                            .flatMap(List::stream)
                            .anyMatch(rule -> rule.id().equals(id));
            if (!known) {
                throw kind.unknown(List.of(id));
            }
            return;
        }
        Table<?> table = tables.get(kind);
        kind.checkForm(id);
        if (table == null || !table.contains(id)) {
            throw kind.unknown(List.of(id));
        }
    }

    private static ResourceKind kindOf(String id) {
        return Stream.of(ResourceKind.values())
                .filter(kind -> kind.owns(id))
                .findFirst()
                .orElseThrow(() -> ApiFault.of("InvalidID", "The ID '%s' is not valid", id));
    }
}
