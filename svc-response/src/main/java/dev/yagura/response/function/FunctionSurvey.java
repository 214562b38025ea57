package dev.yagura.response.function;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.identity.RoleDeny;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A function, what invokes it and who else has its role, as read just now.
 *
 * @param reserved concurrency
 * @param policy of who may invoke it, JSON
 * @param urlAuthentication of its URL
 * @param role empty when it does not exist any more
 * @param others who else has its role, or may assume it
 */
record FunctionSurvey(
        FunctionReader.LiveFunction function,
        Optional<Integer> reserved,
        List<String> sources,
        Optional<String> policy,
        Optional<String> urlAuthentication,
        Optional<RoleDeny> role,
        List<String> others) {
    private static final String SERVICE = "lambda.amazonaws.com";

    FunctionSurvey {
        sources = List.copyOf(sources);
        others = List.copyOf(others);
    }

    /**
     * Reads everything. Throws what the SDK throws.
     *
     * @throws NotFoundException no such function
     */
    static FunctionSurvey take(FunctionCloud cloud, FunctionTarget target) {
        FunctionReader reader = new FunctionReader(cloud.lambda());
        String name = FunctionName.of(target.getName());
        FunctionReader.LiveFunction function =
                reader.function(name).orElseThrow(() -> new NotFoundException("function", name));
        Optional<RoleDeny> role = RoleDeny.read(cloud.identity(), function.roleName());
        Stream<String> functions =
                reader.withRole(function.roleArn()).stream()
                        .filter(each -> !each.equals(name))
                        .map(each -> "function " + each);
        return new FunctionSurvey(
                function,
                reader.reserved(name),
                reader.sources(name),
                reader.policy(name),
                reader.urlAuthentication(name),
                role,
                Stream.concat(
                                functions,
                                role.map(each -> each.others(SERVICE)).orElse(List.of()).stream())
                        .toList());
    }

    boolean isCut() {
        return reserved.filter(each -> each == 0).isPresent();
    }

    /**
     * Whether everything is denied to its role; not where others need it, unless they shall not.
     */
    Optional<RoleDeny> denied(FunctionTarget target) {
        return role.filter(each -> others.isEmpty() || target.getDenySharedRole());
    }
}
