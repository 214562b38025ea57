package dev.yagura.response;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.proto.response.v1.InvocationTarget;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The Lambda functions of the sandbox's seed, as somebody else in the account sees them. */
public final class TestFunctions implements AutoCloseable {
    public static final String ORDER = "shop-order";
    public static final String ORDER_ROLE = "shop-order-function";

    /** Shares its role with {@link #REPORT}, whose reserved concurrency is 0. */
    static final String MAIL = "shop-mail";

    static final String REPORT = "shop-report";
    static final String SHARED_ROLE = "shop-shared-function";

    /** Its version 1, which the alias live names, answers with its event. */
    public static final String RESTORE = "shop-restore";

    /** Of the allow-list, with its code. */
    public static final String RESTORE_ENTRY = entry(RESTORE, "live", "shop-restore 1");

    private final TestService service;
    private final LambdaClient lambda;

    public TestFunctions(TestService service) {
        this.service = service;
        this.lambda =
                service.client(
                        LambdaClient.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        TestService.OPERATOR);
    }

    /** The seed's code is the hash of a text. */
    static String code(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String entry(String name, String qualifier, String code) {
        return name + ":" + qualifier + "=" + code(code);
    }

    public LambdaClient lambda() {
        return lambda;
    }

    /** Reserved concurrency, as Lambda says now. */
    public Optional<Integer> reserved(String name) {
        return Optional.ofNullable(
                lambda.getFunctionConcurrency(r -> r.functionName(name))
                        .reservedConcurrentExecutions());
    }

    public void reserve(String name, int concurrency) {
        lambda.putFunctionConcurrency(
                r -> r.functionName(name).reservedConcurrentExecutions(concurrency));
    }

    /** Names of the policies inside a role. */
    public List<String> policies(String role) {
        return service.iam().listRolePolicies(r -> r.roleName(role)).policyNames();
    }

    /** The name of the policy that an action puts. */
    static String policy(Action action) {
        return "yagura-contain-" + action.getName().substring("actions/".length());
    }

    public static ActionTarget contained(String name) {
        return contained(FunctionTarget.newBuilder().setName(name));
    }

    static ActionTarget contained(FunctionTarget.Builder function) {
        return ActionTarget.newBuilder().setScope(TestService.TOKYO).setFunction(function).build();
    }

    public static ActionTarget invoked(String name, String payload) {
        return ActionTarget.newBuilder()
                .setScope(TestService.TOKYO)
                .setInvocation(InvocationTarget.newBuilder().setName(name).setPayload(payload))
                .build();
    }

    @Override
    public void close() {
        lambda.close();
    }
}
