package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.AssetSet;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Buckets as AWS Config has written them down, with what S3 would be asked for by four calls each;
 * whether one is still there, S3 itself says. One client a scope.
 */
@ApplicationScoped
class BucketSource implements AssetSource {
    /** One call each. */
    private static final int LOOK = 20;

    private final ConfigAssetSource recorded;
    private final ClientByScope<S3Client> clients;

    @Inject
    BucketSource(AwsClients clients, ConfigAssetSource recorded) {
        this.clients = new ClientByScope<>(scope -> clients.client(S3Client.builder(), scope));
        this.recorded = recorded;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        return recorded.page(set, token);
    }

    /**
     * Among the account's own buckets: a stranger may have taken the name of one that was deleted,
     * and would answer for it.
     */
    @Override
    public Look look(AssetSet set, List<String> names) {
        List<String> present = names.stream().filter(name -> isThere(set, name)).toList();
        List<String> gone = names.stream().filter(name -> !present.contains(name)).toList();
        return new Look(List.of(), present, gone);
    }

    private boolean isThere(AssetSet set, String name) {
        return clients
                .of(set.scope())
                .listBucketsPaginator(
                        request -> request.prefix(name).bucketRegion(set.scope().getRegion()))
                .buckets()
                .stream()
                .anyMatch(bucket -> bucket.name().equals(name));
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @Override
    public Coverage coverage(AssetSet set) {
        return recorded.coverage(set);
    }

    @Override
    public Duration pause(Duration interval) {
        return recorded.pause(interval);
    }

    @PreDestroy
    void close() {
        clients.close();
    }
}
