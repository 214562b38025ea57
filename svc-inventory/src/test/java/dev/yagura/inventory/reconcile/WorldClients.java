package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.config.ConfigClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of whoever may do everything in each account, until the sandbox is reset. */
final class WorldClients implements AutoCloseable {
    private final AwsClients management;
    private final AwsClients members;
    private final ClientByScope<Ec2Client> ec2 =
            new ClientByScope<>(scope -> in(scope).client(Ec2Client.builder(), scope));
    private final ClientByScope<ConfigClient> config =
            new ClientByScope<>(scope -> in(scope).client(ConfigClient.builder(), scope));
    private final ClientByScope<IamClient> iam =
            new ClientByScope<>(scope -> in(scope).globalClient(IamClient.builder(), scope));
    private final ClientByScope<EcrClient> registry =
            new ClientByScope<>(scope -> in(scope).client(EcrClient.builder(), scope));
    private final ClientByScope<ElasticLoadBalancingV2Client> balancing =
            new ClientByScope<>(
                    scope -> in(scope).client(ElasticLoadBalancingV2Client.builder(), scope));
    private final ClientByScope<AutoScalingClient> scaling =
            new ClientByScope<>(scope -> in(scope).client(AutoScalingClient.builder(), scope));
    private final ClientByScope<S3Client> storage =
            new ClientByScope<>(scope -> in(scope).client(S3Client.builder(), scope));

    WorldClients(SandboxCloud cloud) {
        management = cloud.operator();
        members = cloud.operator(Optional.of("OrganizationAccountAccessRole"));
    }

    private AwsClients in(Scope scope) {
        return scope.getAccountId().equals(CloudWorld.MANAGEMENT) ? management : members;
    }

    Ec2Client ec2(Scope scope) {
        return ec2.of(scope);
    }

    ConfigClient config(Scope scope) {
        return config.of(scope);
    }

    IamClient iam(Scope scope) {
        return iam.of(scope);
    }

    EcrClient registry(Scope scope) {
        return registry.of(scope);
    }

    ElasticLoadBalancingV2Client balancing(Scope scope) {
        return balancing.of(scope);
    }

    AutoScalingClient scaling(Scope scope) {
        return scaling.of(scope);
    }

    S3Client storage(Scope scope) {
        return storage.of(scope);
    }

    @Override
    public void close() {
        ec2.close();
        config.close();
        iam.close();
        registry.close();
        balancing.close();
        scaling.close();
        storage.close();
    }
}
