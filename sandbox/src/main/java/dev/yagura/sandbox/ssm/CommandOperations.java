package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.document.DocumentVersion;
import dev.yagura.sandbox.document.Documents;
import dev.yagura.sandbox.document.Platform;
import dev.yagura.sandbox.document.Script;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** SendCommand, CancelCommand, ListCommands. */
final class CommandOperations {
    private static final String STANDARD_VERSION = "$DEFAULT";
    private static final String HASH_TYPE = "Sha256";
    private static final int MOST_INSTANCES = 50;
    private static final int MOST_TARGETS = 5;
    private static final int SHORTEST_TIMEOUT = 30;
    private static final int LONGEST_TIMEOUT = 2_592_000;
    private static final int STANDARD_TIMEOUT = 3600;
    private static final int LONGEST_COMMENT = 100;
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    1,
                    50,
                    50,
                    "InvalidNextToken",
                    "ValidationException");

    private final World world;
    private final ManagedNodes nodes;
    private final Documents documents;
    private final RunCommand runCommand;
    private final Clock clock;

    CommandOperations(
            World world,
            ManagedNodes nodes,
            Documents documents,
            RunCommand runCommand,
            Clock clock) {
        this.world = world;
        this.nodes = nodes;
        this.documents = documents;
        this.runCommand = runCommand;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("SendCommand", this::send)
                        .on(this::documentAndInstances)
                        .needs("DocumentName")
                        .knows(
                                "DocumentVersion",
                                "DocumentHash",
                                "DocumentHashType",
                                "InstanceIds.N",
                                "Targets.N.Key",
                                "Targets.N.Values.N",
                                "TimeoutSeconds",
                                "Comment",
                                "Parameters.*.N",
                                "MaxConcurrency",
                                "MaxErrors",
                                "OutputS3BucketName"),
                Operation.named("CancelCommand", this::cancel)
                        .needs("CommandId")
                        .knows("InstanceIds.N"),
                Operation.named("ListCommands", this::list)
                        .knows(
                                "CommandId",
                                "InstanceId",
                                "Filters.N.key",
                                "Filters.N.value",
                                "MaxResults",
                                "NextToken"));
    }

    /** By tags, a command may go to any instance. */
    private List<String> documentAndInstances(Parameters parameters) {
        List<String> ids = parameters.list("InstanceIds");
        return Stream.concat(
                        Stream.of(documents.arn(parameters.text("DocumentName").orElse(""))),
                        (ids.isEmpty() ? List.of("*") : ids)
                                .stream().map(id -> world.account().arn("ec2", "instance/" + id)))
                .toList();
    }

    private Body send(Call call) {
        Parameters parameters = call.parameters();
        Command.Request request = request(parameters);
        List<String> instanceIds =
                request.targets().isEmpty() ? named(request) : targeted(request.targets());
        Command command = runCommand.send(request, instanceIds, clock.instant());
        ObjectNode answer = Json.object();
        write(answer.putObject("Command"), command);
        return new Body.Members(answer);
    }

    private Command.Request request(Parameters parameters) {
        int timeout = parameters.integer("TimeoutSeconds").orElse(STANDARD_TIMEOUT);
        if (timeout < SHORTEST_TIMEOUT || timeout > LONGEST_TIMEOUT) {
            throw Json.invalid(
                    "Value '%d' at 'timeoutSeconds' failed to satisfy constraint: Member must be"
                            + " between %d and %d",
                    timeout, SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
        }
        String comment = parameters.text("Comment").orElse("");
        if (comment.length() > LONGEST_COMMENT) {
            throw Json.invalid(
                    "Value at 'comment' failed to satisfy constraint: Member must have length less"
                            + " than or equal to %d",
                    LONGEST_COMMENT);
        }
        Map<String, List<String>> targets = new LinkedHashMap<>();
        parameters
                .structures("Targets")
                .forEach(target -> targets.put(target.required("Key"), target.list("Values")));
        String name = parameters.required("DocumentName");
        String version = parameters.text("DocumentVersion").orElse(STANDARD_VERSION);
        Map<String, List<String>> values =
                parameters.keys("Parameters").stream()
                        .collect(Collectors.toMap(k -> k, k -> parameters.list("Parameters." + k)));
        return new Command.Request(
                name,
                version,
                script(pinned(name, version, parameters), values),
                values,
                comment,
                parameters.list("InstanceIds"),
                targets,
                timeout,
                limit(parameters, "MaxConcurrency", "50"),
                limit(parameters, "MaxErrors", "0"),
                parameters.text("OutputS3BucketName").orElse(""));
    }

    private static String limit(Parameters parameters, String name, String standard) {
        String text = parameters.text(name).orElse(standard);
        if (!text.matches("[0-9]{1,7}|[0-9]{1,2}%|100%")) {
            throw Json.invalid(
                    "Value '%s' at '%s' failed to satisfy constraint: Member must be a number or a"
                            + " percentage",
                    text, name);
        }
        return text;
    }

    /** The version that was asked for, if it has the hash that was asked for. */
    private DocumentVersion pinned(String name, String version, Parameters parameters) {
        DocumentVersion found = documents.get(name).version(version);
        Optional<String> hash = parameters.text("DocumentHash");
        Optional<String> type = parameters.text("DocumentHashType");
        if (type.filter(text -> !text.equals(HASH_TYPE)).isPresent()
                || (type.isPresent() && hash.isEmpty())) {
            throw Json.invalid("'documentHashType' must be %s, with a documentHash", HASH_TYPE);
        }
        if (hash.filter(text -> !text.equals(found.hash())).isPresent()) {
            throw ApiFault.of(
                    "InvalidDocument",
                    "The document hash %s does not match %s.",
                    hash.get(),
                    HASH_TYPE);
        }
        return found;
    }

    private static Script script(DocumentVersion version, Map<String, List<String>> values) {
        return version.content()
                .script(Platform.LINUX, values)
                .orElseThrow(() ->
                        ApiFault.of(
                                "UnsupportedPlatformType",
                                "The document is not for Linux, which the instances run."));
    }

    private List<String> named(Command.Request request) {
        List<String> ids = request.instanceIds();
        if (ids.isEmpty() || ids.size() > MOST_INSTANCES) {
            throw Json.invalid(
                    "Value at 'instanceIds' failed to satisfy constraint: Member must have length"
                            + " from 1 to %d",
                    MOST_INSTANCES);
        }
        if (Set.copyOf(ids).size() < ids.size()) {
            throw ApiFault.of("DuplicateInstanceId", "You can't specify an instance ID twice.");
        }
        List<String> invalid = ids.stream().filter(id -> nodes.commandable(id).isEmpty()).toList();
        if (!invalid.isEmpty()) {
            throw notValid(invalid);
        }
        return ids;
    }

    private List<String> targeted(Map<String, List<String>> targets) {
        if (targets.size() > MOST_TARGETS) {
            throw Json.invalid(
                    "Value at 'targets' failed to satisfy constraint: Member must have length less"
                            + " than or equal to %d",
                    MOST_TARGETS);
        }
        return nodes.all().stream()
                .map(ManagedNode::instanceId)
                .filter(id -> nodes.commandable(id).isPresent())
                .filter(id -> targets.entrySet().stream().allMatch(target -> fits(id, target)))
                .toList();
    }

    private boolean fits(String instanceId, Map.Entry<String, List<String>> target) {
        String key = target.getKey();
        if (key.equals("InstanceIds")) {
            return target.getValue().contains(instanceId);
        }
        if (key.startsWith("tag:")) {
            String value = world.tags().of(instanceId).get(key.substring("tag:".length()));
            return value != null && target.getValue().contains(value);
        }
        throw Json.invalid("Target key '%s' must be InstanceIds or tag:KEY", key);
    }

    private Body cancel(Call call) {
        Command command = command(call.parameters().required("CommandId"));
        List<String> ids = call.parameters().list("InstanceIds");
        List<String> strangers = ids.stream().filter(id -> command.on(id).isEmpty()).toList();
        if (!strangers.isEmpty()) {
            throw notValid(strangers);
        }
        runCommand.cancel(command, ids, clock.instant());
        return new Body.Members(Json.object());
    }

    private Body list(Call call) {
        Parameters parameters = call.parameters();
        Predicate<Command> wanted =
                parameters
                        .text("CommandId")
                        .map(id -> (Predicate<Command>) command -> command.id().equals(id))
                        .orElse(command -> true);
        wanted =
                parameters
                        .text("InstanceId")
                        .map(id -> (Predicate<Command>) command -> command.on(id).isPresent())
                        .orElse(command -> true)
                        .and(wanted);
        for (Parameters filter : parameters.structures("Filters")) {
            wanted = wanted.and(filter(filter.required("key"), filter.required("value")));
        }
        List<Command> newestFirst =
                runCommand.all().stream()
                        .filter(wanted)
                        .sorted(Comparator.comparing(CommandOperations::position))
                        .toList();
        Page<Command> page = Page.of(newestFirst, CommandOperations::position, parameters, PAGES);
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("Commands");
        page.items().forEach(command -> write(list.addObject(), command));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    private static Predicate<Command> filter(String key, String value) {
        return switch (key) {
            case "Status" ->
                    command ->
                            command.status().status().equals(value)
                                    || command.status().details().equals(value);
            case "DocumentName" -> command -> command.request().documentName().equals(value);
            case "InvokedAfter" -> command -> command.requestedAt().isAfter(time(value));
            case "InvokedBefore" -> command -> command.requestedAt().isBefore(time(value));
            default -> throw ApiFault.of("InvalidFilterKey", "The filter key %s is not valid", key);
        };
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Json.invalid("'%s' is no ISO 8601 time", text);
        }
    }

    /** Sorts newest first. */
    private static String position(Command command) {
        return "%010d".formatted(Integer.MAX_VALUE - command.sequence());
    }

    private Command command(String id) {
        return runCommand
                .find(id)
                .orElseThrow(() ->
                        ApiFault.of("InvalidCommandId", "The command ID %s is not valid", id));
    }

    private ApiFault notValid(List<String> ids) {
        return ApiFault.of(
                "InvalidInstanceId",
                "Instances [[%s]] not in a valid state for account %s",
                String.join(", ", ids),
                world.account().id());
    }

    private static void write(ObjectNode json, Command command) {
        Command.Request request = command.request();
        json.put("CommandId", command.id())
                .put("DocumentName", request.documentName())
                .put("DocumentVersion", request.documentVersion())
                .put("Comment", request.comment())
                .put("ExpiresAfter", Json.time(command.deliveryDeadline()))
                .put("RequestedDateTime", Json.time(command.requestedAt()))
                .put("Status", command.status().status())
                .put("StatusDetails", command.status().details())
                .put("MaxConcurrency", request.maxConcurrency())
                .put("MaxErrors", request.maxErrors())
                .put("TimeoutSeconds", request.timeoutSeconds())
                .put("TargetCount", command.invocations().size())
                .put("CompletedCount", count(command, CommandStatus::isFinal))
                .put("ErrorCount", count(command, status -> status == CommandStatus.FAILED))
                .put(
                        "DeliveryTimedOutCount",
                        count(command, status -> status == CommandStatus.DELIVERY_TIMED_OUT));
        ObjectNode parameters = json.putObject("Parameters");
        request.parameters()
                .forEach((name, values) -> values.forEach(parameters.withArray(name)::add));
        request.instanceIds().forEach(json.putArray("InstanceIds")::add);
        ArrayNode targets = json.putArray("Targets");
        request.targets()
                .forEach((key, values) ->
                        values.forEach(
                                targets.addObject().put("Key", key).putArray("Values")::add));
    }

    private static long count(Command command, Predicate<CommandStatus> which) {
        return command.invocations().stream().map(Invocation::status).filter(which).count();
    }
}
