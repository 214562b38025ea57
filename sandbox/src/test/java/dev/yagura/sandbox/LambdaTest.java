package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Lambda: functions are read, cut off and invoked, with the errors that AWS documents. */
class LambdaTest {
    private static final String ORDER = "shop-order";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static LambdaClient lambda;
    private static LambdaClient viewer;

    @BeforeAll
    static void open() {
        Region region = Region.of(Seeded.REGION);
        lambda = SANDBOX.client(LambdaClient.builder(), SandboxExtension.OPERATOR, region);
        viewer = SANDBOX.client(LambdaClient.builder(), SandboxExtension.VIEWER, region);
    }

    @AfterAll
    static void close() {
        lambda.close();
        viewer.close();
    }

    @Test
    void functionsAreRead() {
        assertThat(lambda.listFunctionsPaginator(r -> r.maxItems(2)).functions())
                .extracting(FunctionConfiguration::functionName)
                .contains(ORDER, "shop-mail", "yagura-collector");
        var order = lambda.getFunction(r -> r.functionName(ORDER));
        assertThat(order.configuration().role()).endsWith(":role/shop-order-function");
        assertThat(order.configuration().timeout()).isEqualTo(300);
        assertThat(order.concurrency().reservedConcurrentExecutions()).isEqualTo(20);
        assertThat(lambda.getFunction(r -> r.functionName("yagura-collector")).tags())
                .containsEntry("yagura:protected", "true");
        assertThat(lambda.getPolicy(r -> r.functionName(ORDER)).policy())
                .contains("events.amazonaws.com");
        assertThat(lambda.getFunctionUrlConfig(r -> r.functionName(ORDER)).authTypeAsString())
                .isEqualTo("NONE");
        assertThat(lambda.listEventSourceMappings(r -> r.functionName(ORDER)).eventSourceMappings())
                .singleElement()
                .satisfies(each -> assertThat(each.eventSourceArn()).endsWith(":orders"));
        var live =
                lambda.getFunctionConfiguration(
                        r -> r.functionName("shop-restore").qualifier("live"));
        assertThat(live.version()).isEqualTo("1");
        assertThat(live.functionArn()).endsWith(":function:shop-restore:live");
        assertThat(live.codeSha256())
                .isNotEqualTo(
                        lambda.getFunction(r -> r.functionName("shop-restore"))
                                .configuration()
                                .codeSha256());
        refused(
                () -> lambda.getPolicy(r -> r.functionName("shop-mail")),
                404,
                "ResourceNotFoundException");
        refused(
                () -> lambda.getFunctionUrlConfig(r -> r.functionName("shop-mail")),
                404,
                "ResourceNotFoundException");
        refused(
                () -> lambda.getFunction(r -> r.functionName("shop-nothing")),
                404,
                "ResourceNotFoundException");
        refused(() -> viewer.getFunction(r -> r.functionName(ORDER)), 403, "AccessDeniedException");
        refused(
                () -> lambda.deleteFunction(r -> r.functionName(ORDER)),
                "UnknownOperationException");
    }

    @Test
    void reservedConcurrencyKeepsItsLimits() {
        lambda.putFunctionConcurrency(
                r -> r.functionName("shop-mail").reservedConcurrentExecutions(880));
        refused(
                () ->
                        lambda.putFunctionConcurrency(
                                r -> r.functionName("shop-mail").reservedConcurrentExecutions(881)),
                400,
                "InvalidParameterValueException");
        lambda.deleteFunctionConcurrency(r -> r.functionName("shop-mail"));
        assertThat(
                        lambda.getFunctionConcurrency(r -> r.functionName("shop-mail"))
                                .reservedConcurrentExecutions())
                .isNull();
        SANDBOX.control().provision(ORDER, 5);
        refused(
                () ->
                        lambda.putFunctionConcurrency(
                                r -> r.functionName(ORDER).reservedConcurrentExecutions(0)),
                400,
                "InvalidParameterValueException");
    }

    @Test
    void aFunctionAnswersUnlessItIsCutOff() {
        InvokeResponse answer =
                lambda.invoke(r ->
                        r.functionName(ORDER).payload(SdkBytes.fromUtf8String("{\"order\":7}")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.payload().asUtf8String()).isEqualTo("{\"order\":7}");
        assertThat(answer.executedVersion()).isEqualTo("$LATEST");
        assertThat(answer.functionError()).isNull();
        assertThat(lambda.invoke(r -> r.functionName("shop-broken").qualifier("1")).functionError())
                .isEqualTo("Unhandled");

        lambda.putFunctionConcurrency(r -> r.functionName(ORDER).reservedConcurrentExecutions(0));
        refused(() -> lambda.invoke(r -> r.functionName(ORDER)), 429, "TooManyRequestsException");
        assertThat(
                        lambda.invoke(r ->
                                        r.functionName(ORDER)
                                                .invocationType(InvocationType.DRY_RUN))
                                .statusCode())
                .isEqualTo(204);
        assertThat(SANDBOX.control().invocations(ORDER)).isOne();
        refused(
                () ->
                        viewer.invoke(
                                r -> r.functionName(ORDER).invocationType(InvocationType.DRY_RUN)),
                403,
                "AccessDeniedException");
    }
}
