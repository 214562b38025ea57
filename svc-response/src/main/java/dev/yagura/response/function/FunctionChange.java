package dev.yagura.response.function;

import dev.yagura.response.aws.AwsChange;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The calls that change how often a function may run at a time. */
final class FunctionChange {
    private static final String NAME = "FunctionName";

    private FunctionChange() {}

    /** No new invocation begins. */
    static AwsChange<LambdaClient> cut(String name) {
        return reserve(name, 0);
    }

    /**
     * As it was.
     *
     * @param reserved empty for none
     */
    static AwsChange<LambdaClient> restore(String name, Optional<Integer> reserved) {
        return reserved.map(each -> reserve(name, each))
                .orElseGet(() ->
                        AwsChange.of(
                                "lambda:DeleteFunctionConcurrency",
                                Map.of(NAME, name),
                                lambda ->
                                        lambda.deleteFunctionConcurrency(
                                                request -> request.functionName(name))));
    }

    private static AwsChange<LambdaClient> reserve(String name, int concurrency) {
        return AwsChange.of(
                "lambda:PutFunctionConcurrency",
                Map.of(NAME, name, "ReservedConcurrentExecutions", String.valueOf(concurrency)),
                lambda ->
                        lambda.putFunctionConcurrency(request ->
                                request.functionName(name)
                                        .reservedConcurrentExecutions(concurrency)));
    }

    /** For people. */
    static String shown(Optional<Integer> reserved) {
        return reserved.map(each -> "reserved concurrency " + each)
                .orElse("no reserved concurrency");
    }
}
