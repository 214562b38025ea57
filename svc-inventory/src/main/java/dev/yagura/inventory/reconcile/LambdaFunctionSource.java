package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.ListFunctionsRequest;
import software.amazon.awssdk.services.lambda.model.ListFunctionsResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.VpcConfigResponse;

/** Lambda's functions, each as its unpublished version is; one client a scope. */
@ApplicationScoped
class LambdaFunctionSource implements LiveSource {
    /** The most that a page has, whatever is asked for. */
    private static final int PAGE = 50;

    /** One call each. */
    private static final int LOOK = 20;

    private final ClientByScope<LambdaClient> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    LambdaFunctionSource(AwsClients clients, Clock clock) {
        this(clients, PAGE, clock);
    }

    LambdaFunctionSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(LambdaClient.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        ListFunctionsRequest.Builder request = ListFunctionsRequest.builder().maxItems(pageSize);
        token.ifPresent(request::marker);
        Instant asked = clock.instant();
        ListFunctionsResponse answer = clients.of(set.scope()).listFunctions(request.build());
        return new Page(
                answer.functions().stream().map(each -> observation(each, asked)).toList(),
                Optional.ofNullable(answer.nextMarker()).filter(next -> !next.isEmpty()));
    }

    @Override
    public Look look(AssetSet set, List<String> names) {
        LambdaClient lambda = clients.of(set.scope());
        return Look.oneByOne(names, name -> find(lambda, name));
    }

    private Optional<Observation> find(LambdaClient lambda, String name) {
        Instant asked = clock.instant();
        try {
            return Optional.of(
                    observation(
                            listed(
                                    lambda.getFunctionConfiguration(
                                            request -> request.functionName(name))),
                            asked));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    /** The same fields as a list has. */
    private static FunctionConfiguration listed(GetFunctionConfigurationResponse answer) {
        return FunctionConfiguration.builder()
                .functionName(answer.functionName())
                .functionArn(answer.functionArn())
                .role(answer.role())
                .runtime(answer.runtimeAsString())
                .codeSha256(answer.codeSha256())
                .vpcConfig(answer.vpcConfig())
                .build();
    }

    private static Observation observation(FunctionConfiguration function, Instant asked) {
        Asset.Builder asset =
                Asset.newBuilder()
                        .setArn(orEmpty(function.functionArn()))
                        .setRuntime(orEmpty(function.runtimeAsString()))
                        .setCodeSha256(orEmpty(function.codeSha256()));
        Relations.put(
                Stream.concat(
                        Stream.ofNullable(function.role()).map(Relations::withRole),
                        Stream.ofNullable(function.vpcConfig())
                                .flatMap(LambdaFunctionSource::network)),
                asset);
        return new Observation(function.functionName(), "", asset.build(), asked);
    }

    private static Stream<AssetRelation> network(VpcConfigResponse network) {
        return Stream.of(
                        Stream.ofNullable(network.vpcId())
                                .map(id -> Relations.containedIn("Vpc", Relations.VPC, id)),
                        network.subnetIds().stream()
                                .map(id -> Relations.containedIn("Subnet", Relations.SUBNET, id)),
                        network.securityGroupIds().stream()
                                .map(id ->
                                        Relations.of(
                                                "Is associated with SecurityGroup",
                                                Relations.SECURITY_GROUP,
                                                id)))
                .flatMap(each -> each);
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static String orEmpty(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
