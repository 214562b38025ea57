package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InstanceProfile;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesRequest;
import software.amazon.awssdk.services.iam.model.ListInstanceProfilesResponse;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/**
 * IAM's instance profiles, which AWS Config does not record, each by its ARN: instances and roles
 * name it so. One client an account.
 */
@ApplicationScoped
class InstanceProfileSource implements SlowLiveSource {
    private static final int PAGE = 500;

    /** One call each. */
    private static final int LOOK = 20;

    private final ClientByScope<IamClient> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    InstanceProfileSource(AwsClients clients, Clock clock) {
        this(clients, PAGE, clock);
    }

    /**
     * @param pageSize profiles a call; IAM takes 1 to 1000
     */
    InstanceProfileSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients =
                new ClientByScope<>(scope -> clients.globalClient(IamClient.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        ListInstanceProfilesRequest.Builder request =
                ListInstanceProfilesRequest.builder().maxItems(pageSize);
        token.ifPresent(request::marker);
        Instant asked = clock.instant();
        ListInstanceProfilesResponse answer =
                clients.of(set.scope()).listInstanceProfiles(request.build());
        return new Page(
                answer.instanceProfiles().stream().map(each -> observation(each, asked)).toList(),
                Boolean.TRUE.equals(answer.isTruncated())
                        ? Optional.ofNullable(answer.marker())
                        : Optional.empty());
    }

    /** By name: of one that was made again under another path, the old ARN is gone. */
    @Override
    public Look look(AssetSet set, List<String> arns) {
        IamClient iam = clients.of(set.scope());
        return Look.oneByOne(arns, arn -> find(iam, arn));
    }

    private Optional<Observation> find(IamClient iam, String arn) {
        Instant asked = clock.instant();
        try {
            return Optional.of(
                            iam.getInstanceProfile(
                                            request -> request.instanceProfileName(name(arn)))
                                    .instanceProfile())
                    .filter(profile -> profile.arn().equals(arn))
                    .map(profile -> observation(profile, asked));
        } catch (NoSuchEntityException e) {
            return Optional.empty();
        }
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static Observation observation(InstanceProfile profile, Instant asked) {
        Asset.Builder asset =
                Asset.newBuilder()
                        .setResourceName(profile.instanceProfileName())
                        .setArn(profile.arn());
        if (profile.createDate() != null) {
            asset.setResourceCreateTime(AgentProtos.timestamp(profile.createDate()));
        }
        Relations.put(profile.roles().stream().map(role -> Relations.withRole(role.arn())), asset);
        return new Observation(profile.arn(), "", asset.build(), asked);
    }
}
