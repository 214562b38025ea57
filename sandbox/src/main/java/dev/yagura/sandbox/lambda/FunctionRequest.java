package dev.yagura.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Parameters;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A request of Lambda, whose operation is in its method and path. */
public final class FunctionRequest {
    static final String NAME = "FunctionName";
    static final String INVOKE = "InvokeFunction";

    private static final Pattern PATH =
            Pattern.compile("/\\d{4}-\\d{2}-\\d{2}/(functions|event-source-mappings)(/.*)?");

    /** Headers that are parameters. */
    private static final Map<String, String> HEADERS =
            Map.of(
                    "x-amz-invocation-type", "InvocationType",
                    "x-amz-log-type", "LogType",
                    "x-amz-client-context", "ClientContext");

    private FunctionRequest() {}

    public static boolean isOne(SignedRequest request) {
        return PATH.matcher(request.path()).matches();
    }

    /** IAM's name of what is asked for, empty for what the sandbox does not have. */
    public static String operation(SignedRequest request) {
        List<String> segments = segments(request);
        String shape =
                request.method()
                        + " "
                        + segments.getFirst()
                        + segments.stream()
                                .skip(3)
                                .collect(
                                        Collectors.joining(
                                                "/", segments.size() > 2 ? "/*/" : "", ""));
        return switch (segments.get(1) + " " + shape) {
            case "functions GET 2015-03-31" -> "ListFunctions";
            case "functions GET 2015-03-31/*/" -> "GetFunction";
            case "functions GET 2015-03-31/*/configuration" -> "GetFunctionConfiguration";
            case "functions GET 2015-03-31/*/policy" -> "GetPolicy";
            case "functions POST 2015-03-31/*/invocations" -> INVOKE;
            case "functions PUT 2017-10-31/*/concurrency" -> "PutFunctionConcurrency";
            case "functions DELETE 2017-10-31/*/concurrency" -> "DeleteFunctionConcurrency";
            case "functions GET 2019-09-30/*/concurrency" -> "GetFunctionConcurrency";
            case "functions GET 2021-10-31/*/url" -> "GetFunctionUrlConfig";
            case "event-source-mappings GET 2015-03-31" -> "ListEventSourceMappings";
            default -> "";
        };
    }

    /** Whether the body is the event of the function, and no parameters. */
    public static boolean isContent(String operation) {
        return operation.equals(INVOKE);
    }

    /** Those of the path, the query and the headers. */
    public static Map<String, String> parameters(SignedRequest request) {
        Map<String, String> values = new HashMap<>();
        List<String> segments = segments(request);
        if (segments.size() > 2) {
            values.put(NAME, URLDecoder.decode(segments.get(2), UTF_8));
        }
        for (String pair : request.query().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        HEADERS.forEach(
                (header, name) -> request.header(header).ifPresent(v -> values.put(name, v)));
        return values;
    }

    static String name(Parameters parameters) {
        return parameters.required(NAME);
    }

    private static List<String> segments(SignedRequest request) {
        return Arrays.stream(request.path().split("/", -1))
                .filter(each -> !each.isEmpty())
                .toList();
    }
}
