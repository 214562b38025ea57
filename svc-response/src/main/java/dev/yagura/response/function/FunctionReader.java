package dev.yagura.response.function;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/** Functions of one account and region, live and page by page. Throws what the SDK throws. */
final class FunctionReader {
    private final LambdaClient lambda;

    /**
     * A function.
     *
     * @param codeSha256 of the code that is not published, in base64
     * @param lastModified as Lambda writes it
     * @param unreadTags why Lambda does not tell its tags; empty when it does
     */
    record LiveFunction(
            String name,
            String arn,
            String roleArn,
            String codeSha256,
            String revisionId,
            String lastModified,
            Duration timeout,
            Map<String, String> tags,
            String unreadTags) {
        LiveFunction {
            tags = Map.copyOf(tags);
        }

        /** The last part of its ARN, which is unique in the account. */
        String roleName() {
            return roleArn.substring(roleArn.lastIndexOf('/') + 1);
        }

        /** "111122223333" of "arn:aws:lambda:ap-northeast-1:111122223333:function:shop-order". */
        String accountId() {
            return arn.split(":", -1)[4];
        }
    }

    FunctionReader(LambdaClient lambda) {
        this.lambda = lambda;
    }

    /** Empty when there is none of the name. */
    Optional<LiveFunction> function(String name) {
        return found(() -> lambda.getFunction(request -> request.functionName(name)))
                .map(FunctionReader::function);
    }

    /** Reserved concurrency; empty for none, also for a function that is not there. */
    Optional<Integer> reserved(String name) {
        return found(() -> lambda.getFunctionConcurrency(request -> request.functionName(name)))
                .flatMap(answer -> Optional.ofNullable(answer.reservedConcurrentExecutions()));
    }

    /** ARNs of queues and streams that it is invoked for, with their state. */
    List<String> sources(String name) {
        return lambda
                .listEventSourceMappingsPaginator(request -> request.functionName(name))
                .eventSourceMappings()
                .stream()
                .map(each -> each.eventSourceArn() + " (" + each.state() + ")")
                .sorted()
                .toList();
    }

    /** Who its own policy lets invoke it, JSON; empty when it has none. */
    Optional<String> policy(String name) {
        return found(() -> lambda.getPolicy(request -> request.functionName(name)).policy());
    }

    /** "NONE" or "AWS_IAM": how its URL asks who calls; empty without one. */
    Optional<String> urlAuthentication(String name) {
        return found(() ->
                lambda.getFunctionUrlConfig(request -> request.functionName(name))
                        .authTypeAsString());
    }

    /** Names of all functions of the region that have a role. */
    List<String> withRole(String roleArn) {
        return lambda.listFunctionsPaginator().functions().stream()
                .filter(each -> roleArn.equals(each.role()))
                .map(FunctionConfiguration::functionName)
                .sorted()
                .toList();
    }

    private static <T> Optional<T> found(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static LiveFunction function(GetFunctionResponse answer) {
        FunctionConfiguration found = answer.configuration();
        return new LiveFunction(
                found.functionName(),
                found.functionArn(),
                found.role(),
                found.codeSha256(),
                Objects.requireNonNullElse(found.revisionId(), ""),
                Objects.requireNonNullElse(found.lastModified(), ""),
                Duration.ofSeconds(found.timeout()),
                answer.tags(),
                answer.tagsError() == null
                        ? ""
                        : answer.tagsError().errorCode() + ": " + answer.tagsError().message());
    }
}
