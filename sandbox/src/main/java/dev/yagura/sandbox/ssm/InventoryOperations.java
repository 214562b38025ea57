package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** ListInventoryEntries of AWS:Application: what the agent of a node reported last. */
final class InventoryOperations {
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    1,
                    50,
                    50,
                    "InvalidNextToken",
                    "ValidationException");
    private static final Pattern NODE_ID = Pattern.compile("i-(\\w{8}|\\w{17})|mi-\\w{17}");
    private static final Pattern TYPE = Pattern.compile("(AWS|Custom):.*");
    private static final String APPLICATION = "AWS:Application";
    private static final String SCHEMA = "1.1";

    private final ManagedNodes nodes;

    InventoryOperations(ManagedNodes nodes) {
        this.nodes = nodes;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("ListInventoryEntries", this::list)
                        .knows("MaxResults", "NextToken")
                        .needs("InstanceId", "TypeName"));
    }

    private record Entry(String position, Application application) {}

    /** Of a node that has not reported it says neither entries nor a time. */
    private Body list(Call call) {
        String id = call.parameters().required("InstanceId");
        String type = call.parameters().required("TypeName");
        matches("instanceId", id, NODE_ID);
        matches("typeName", type, TYPE);
        if (!type.equals(APPLICATION)) {
            throw ApiFault.of("InvalidTypeNameException", "The type name %s is not known", type);
        }
        ManagedNode node =
                nodes.commandable(id)
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "InvalidInstanceId",
                                        "The instance %s is not a managed node",
                                        id));
        ObjectNode answer = Json.object();
        answer.put("InstanceId", id).put("TypeName", type).put("SchemaVersion", SCHEMA);
        ArrayNode list = answer.putArray("Entries");
        node.software()
                .ifPresent(software -> {
                    List<Application> all = software.applications();
                    Page<Entry> page =
                            Page.of(
                                    IntStream.range(0, all.size())
                                            .mapToObj(at ->
                                                    new Entry("%06d".formatted(at), all.get(at)))
                                            .toList(),
                                    Entry::position,
                                    call.parameters(),
                                    PAGES);
                    answer.put("CaptureTime", software.captureTime());
                    page.items().forEach(entry -> write(list.addObject(), entry.application()));
                    page.nextToken().ifPresent(token -> answer.put("NextToken", token));
                });
        return new Body.Members(answer);
    }

    private static void matches(String member, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw Json.invalid(
                    "Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular"
                            + " expression pattern: %s",
                    value, member, pattern.pattern());
        }
    }

    private static void write(ObjectNode json, Application application) {
        json.put("Name", application.name()).put("Version", application.version());
        put(json, "Release", application.release());
        put(json, "Architecture", application.architecture());
        put(json, "Publisher", application.publisher());
        put(json, "InstalledTime", application.installedTime());
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
