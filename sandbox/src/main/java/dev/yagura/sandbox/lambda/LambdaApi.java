package dev.yagura.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lambda: functions, their concurrency, what invokes them, Invoke. */
public final class LambdaApi {
    public static final String NAME = "lambda";

    private static final String QUALIFIER = "Qualifier";
    private static final String RESERVED = "ReservedConcurrentExecutions";

    /** Of an account in a region, and what must be left to functions without reserved ones. */
    private static final int CONCURRENCY = 1000;

    private static final int UNRESERVED = 100;
    private static final int FILL = 100_000;

    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxItems",
                    "Marker",
                    1,
                    10_000,
                    50,
                    "InvalidParameterValueException",
                    "InvalidParameterValueException");

    private final Functions functions;
    private final Directory directory;

    private LambdaApi(Functions functions, Directory directory) {
        this.functions = functions;
        this.directory = directory;
    }

    public static Api of(Functions functions, Directory directory) {
        LambdaApi lambda = new LambdaApi(functions, directory);
        return Api.of(
                NAME,
                Protocol.REST_JSON,
                "",
                "",
                false,
                List.of(
                        Operation.named("ListFunctions", lambda::list).knows("MaxItems", "Marker"),
                        lambda.on(Operation.named("GetFunction", lambda::get)).knows(QUALIFIER),
                        lambda.on(
                                        Operation.named(
                                                "GetFunctionConfiguration", lambda::configuration))
                                .knows(QUALIFIER),
                        lambda.on(Operation.named("GetPolicy", lambda::policy)),
                        lambda.on(Operation.named("GetFunctionUrlConfig", lambda::url)),
                        Operation.named("ListEventSourceMappings", lambda::sources)
                                .needs(FunctionRequest.NAME)
                                .knows("MaxItems", "Marker"),
                        lambda.on(Operation.named("GetFunctionConcurrency", lambda::concurrency)),
                        lambda.on(Operation.named("PutFunctionConcurrency", lambda::reserve))
                                .needs(RESERVED),
                        lambda.on(Operation.named("DeleteFunctionConcurrency", lambda::unreserve)),
                        lambda.on(Operation.named(FunctionRequest.INVOKE, lambda::invoke))
                                .knows(QUALIFIER, "InvocationType", "LogType")));
    }

    /** On the function, or on the version or alias that is named. */
    private Operation on(Operation operation) {
        return operation
                .needs(FunctionRequest.NAME)
                .on(parameters ->
                        List.of(
                                functions.arn(parameters.text(FunctionRequest.NAME).orElse(""))
                                        + parameters
                                                .text(QUALIFIER)
                                                .map(qualifier -> ":" + qualifier)
                                                .orElse("")));
    }

    private Body list(Call call) {
        Page<LambdaFunction> page =
                Page.of(
                        List.copyOf(functions.all()),
                        LambdaFunction::name,
                        call.parameters(),
                        PAGES);
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("Functions");
        // A list has no state.
        page.items()
                .forEach(each ->
                        list.add(
                                configuration(each, LambdaFunction.LATEST, "")
                                        .remove(List.of("State", "LastUpdateStatus"))));
        page.nextToken().ifPresent(token -> answer.put("NextMarker", token));
        return new Body.Members(answer);
    }

    private Body get(Call call) {
        LambdaFunction function = function(call);
        String version = version(call, function);
        ObjectNode answer = object();
        answer.set("Configuration", configuration(function, version, qualifier(call)));
        answer.putObject("Code")
                .put("RepositoryType", "S3")
                .put("Location", "https://awslambda.example/" + function.name());
        tags(call, function, answer);
        function.reserved().ifPresent(each -> answer.putObject("Concurrency").put(RESERVED, each));
        return new Body.Members(answer);
    }

    /** Those are a permission of their own; without it only they are missing. */
    private void tags(Call call, LambdaFunction function, ObjectNode answer) {
        String arn = functions.arn(function.name());
        if (!directory.allows(call.principal(), "lambda:ListTags", arn)) {
            answer.putObject("TagsError")
                    .put("ErrorCode", "AccessDeniedException")
                    .put(
                            "Message",
                            "User: %s is not authorized to perform: lambda:ListTags on resource: %s"
                                    .formatted(call.principal().arn(), arn));
        } else if (!function.tags().isEmpty()) {
            ObjectNode tags = answer.putObject("Tags");
            function.tags().forEach(tags::put);
        }
    }

    private Body configuration(Call call) {
        LambdaFunction function = function(call);
        return new Body.Members(configuration(function, version(call, function), qualifier(call)));
    }

    private ObjectNode configuration(LambdaFunction function, String version, String qualifier) {
        ObjectNode described = object();
        function.network().ifPresent(network -> write(described.putObject("VpcConfig"), network));
        return described
                .put("FunctionName", function.name())
                .put(
                        "FunctionArn",
                        functions.arn(function.name())
                                + (qualifier.isEmpty() ? "" : ":" + qualifier))
                .put("Role", function.roleArn())
                .put("Runtime", "python3.13")
                .put("Handler", "main.handler")
                .put("Timeout", function.timeout().toSeconds())
                .put("CodeSha256", function.codeSha256(version))
                .put("Version", version)
                .put("RevisionId", function.revisionId())
                .put("LastModified", function.modified().toString())
                .put("State", "Active")
                .put("LastUpdateStatus", "Successful")
                .put("PackageType", "Zip");
    }

    private static void write(ObjectNode json, LambdaFunction.Network network) {
        json.put("VpcId", network.vpc());
        ArrayNode subnets = json.putArray("SubnetIds");
        network.subnets().forEach(subnets::add);
        ArrayNode groups = json.putArray("SecurityGroupIds");
        network.groups().forEach(groups::add);
    }

    private Body policy(Call call) {
        LambdaFunction function = function(call);
        String invoker =
                function.invoker()
                        .orElseThrow(() -> notFound("The resource you requested does not exist."));
        ObjectNode document = object().put("Version", "2012-10-17").put("Id", "default");
        ObjectNode statement =
                document.putArray("Statement")
                        .addObject()
                        .put("Sid", "invoke")
                        .put("Effect", "Allow")
                        .put("Action", "lambda:InvokeFunction")
                        .put("Resource", functions.arn(function.name()));
        statement.putObject("Principal").put("Service", invoker);
        return new Body.Members(
                object().put("Policy", document.toString())
                        .put("RevisionId", function.revisionId()));
    }

    private Body url(Call call) {
        LambdaFunction function = function(call);
        String authentication =
                function.urlAuthentication()
                        .orElseThrow(() -> notFound("The resource you requested does not exist."));
        return new Body.Members(
                object().put("AuthType", authentication)
                        .put("FunctionArn", functions.arn(function.name()))
                        .put(
                                "FunctionUrl",
                                "https://%s.lambda-url.example/".formatted(function.name()))
                        .put("CreationTime", function.modified().toString())
                        .put("LastModifiedTime", function.modified().toString()));
    }

    private Body sources(Call call) {
        LambdaFunction function = function(call);
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("EventSourceMappings");
        for (String source : function.eventSources()) {
            list.addObject()
                    .put("UUID", "0f1e2d3c-0000-4000-8000-000000000001")
                    .put("EventSourceArn", source)
                    .put("FunctionArn", functions.arn(function.name()))
                    .put("State", "Enabled");
        }
        return new Body.Members(answer);
    }

    private Body concurrency(Call call) {
        ObjectNode answer = object();
        function(call).reserved().ifPresent(each -> answer.put(RESERVED, each));
        return new Body.Members(answer);
    }

    private Body reserve(Call call) {
        LambdaFunction function = function(call);
        int wanted = call.parameters().integer(RESERVED).orElseThrow();
        int others =
                functions.all().stream()
                        .filter(each -> each != function)
                        .mapToInt(each -> each.reserved().orElse(0))
                        .sum();
        if (wanted < 0 || others + wanted > CONCURRENCY - UNRESERVED) {
            throw invalid(
                    "Specified ReservedConcurrentExecutions for function decreases account's"
                            + " UnreservedConcurrentExecution below its minimum value of ["
                            + UNRESERVED
                            + "].");
        }
        if (wanted < function.provisioned()) {
            throw invalid(
                    "Specified ReservedConcurrentExecutions for function should be higher than its"
                            + " provisioned concurrency ["
                            + function.provisioned()
                            + "].");
        }
        function.reserve(wanted);
        return new Body.Members(object().put(RESERVED, wanted));
    }

    private Body unreserve(Call call) {
        function(call).reserve(null);
        return new Body.Content(204, Map.of(), new byte[0]);
    }

    private Body invoke(Call call) {
        Parameters parameters = call.parameters();
        LambdaFunction function = function(call);
        String version = version(call, function);
        String type = parameters.text("InvocationType").orElse("RequestResponse");
        if (type.equals("DryRun")) {
            return new Body.Content(204, Map.of(), new byte[0]);
        }
        if (!type.equals("RequestResponse")) {
            throw invalid("The sandbox invokes by RequestResponse and DryRun only, not " + type);
        }
        if (function.reserved().filter(each -> each == 0).isPresent()) {
            throw new ApiFault("TooManyRequestsException", 429, "Rate Exceeded.");
        }
        function.invoked();
        Map<String, String> headers = new HashMap<>();
        headers.put("X-Amz-Executed-Version", version);
        headers.put("Content-Type", "application/json");
        if (function.behaviour() == LambdaFunction.Behaviour.RAISE) {
            headers.put("X-Amz-Function-Error", "Unhandled");
        }
        return new Body.Content(200, headers, result(function, call.content()));
    }

    private static byte[] result(LambdaFunction function, byte[] event) {
        return switch (function.behaviour()) {
            case ECHO -> event.clone();
            case RAISE ->
                    "{\"errorMessage\":\"no such order\",\"errorType\":\"KeyError\"}"
                            .getBytes(UTF_8);
            case FILL -> ("\"" + "x".repeat(FILL) + "\"").getBytes(UTF_8);
        };
    }

    private LambdaFunction function(Call call) {
        return functions.get(FunctionRequest.name(call.parameters()));
    }

    private static String qualifier(Call call) {
        return call.parameters().text(QUALIFIER).orElse("");
    }

    private String version(Call call, LambdaFunction function) {
        Optional<String> qualifier = call.parameters().text(QUALIFIER);
        return qualifier.isEmpty()
                ? LambdaFunction.LATEST
                : function.version(qualifier.get())
                        .orElseThrow(() ->
                                notFound(
                                        "Function not found: %s:%s"
                                                .formatted(
                                                        functions.arn(function.name()),
                                                        qualifier.get())));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ApiFault notFound(String text) {
        return new ApiFault("ResourceNotFoundException", 404, text);
    }

    private static ApiFault invalid(String text) {
        return new ApiFault("InvalidParameterValueException", 400, text);
    }
}
