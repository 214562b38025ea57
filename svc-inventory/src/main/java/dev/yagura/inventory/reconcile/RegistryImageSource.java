package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.ContainerImage;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ecr.model.DescribeRepositoriesResponse;
import software.amazon.awssdk.services.ecr.model.ImageDetail;
import software.amazon.awssdk.services.ecr.model.ImageNotFoundException;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryNotFoundException;

/**
 * ECR's images, repository by repository; one client a scope. An image is named as it is pulled by
 * digest, and by its digest alone: tasks name it so.
 */
@ApplicationScoped
class RegistryImageSource implements SlowLiveSource {
    private static final int PAGE = 500;

    /** One call each. */
    private static final int LOOK = 20;

    private static final String DIGEST = "@";

    private final ClientByScope<EcrClient> clients;
    private final int pageSize;
    private final Clock clock;

    @Inject
    RegistryImageSource(AwsClients clients, Clock clock) {
        this(clients, PAGE, clock);
    }

    /**
     * @param pageSize repositories or images a call; ECR takes 1 to 1000
     */
    RegistryImageSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(EcrClient.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        EcrClient ecr = clients.of(set.scope());
        NestedPosition begun = NestedPosition.of(token);
        NestedPosition at = begun.outer().isEmpty() ? repositories(ecr, begun.moreOuter()) : begun;
        if (at.outer().isEmpty()) {
            return new Page(List.of(), at.token());
        }
        String uri = at.outer().getFirst();
        Instant asked = clock.instant();
        try {
            DescribeImagesResponse answer =
                    ecr.describeImages(request ->
                            request.repositoryName(repository(uri))
                                    .maxResults(pageSize)
                                    .nextToken(NestedPosition.presentOrNull(at.moreInner())));
            return new Page(
                    answer.imageDetails().stream()
                            .map(image -> observation(uri, image, asked))
                            .toList(),
                    at.after(answer.nextToken()).token());
        } catch (RepositoryNotFoundException e) {
            // Deleted since it was listed, with its images.
            return new Page(List.of(), at.after("").token());
        }
    }

    private NestedPosition repositories(EcrClient ecr, String token) {
        DescribeRepositoriesResponse answer =
                ecr.describeRepositories(request ->
                        request.maxResults(pageSize)
                                .nextToken(NestedPosition.presentOrNull(token)));
        return NestedPosition.of(
                answer.nextToken(),
                answer.repositories().stream().map(Repository::repositoryUri).toList());
    }

    /** One by one: a single image that is gone would fail the whole call. */
    @Override
    public Look look(AssetSet set, List<String> names) {
        EcrClient ecr = clients.of(set.scope());
        List<Observation> found = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String name : names) {
            String uri = name.substring(0, name.indexOf(DIGEST));
            String digest = name.substring(name.indexOf(DIGEST) + 1);
            Instant asked = clock.instant();
            try {
                ecr.describeImages(request ->
                                request.repositoryName(repository(uri))
                                        .imageIds(image -> image.imageDigest(digest)))
                        .imageDetails()
                        .forEach(image -> found.add(observation(uri, image, asked)));
            } catch (ImageNotFoundException | RepositoryNotFoundException e) {
                gone.add(name);
            }
        }
        return new Look(found, List.of(), gone);
    }

    /** Of "registry/name/with/slashes". */
    private static String repository(String uri) {
        return uri.substring(uri.indexOf('/') + 1);
    }

    @Override
    public int looksAtOnce() {
        return LOOK;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static Observation observation(String uri, ImageDetail image, Instant asked) {
        Asset.Builder asset = Asset.newBuilder().setResourceName(image.imageDigest());
        if (image.imagePushedAt() != null) {
            asset.setResourceCreateTime(AgentProtos.timestamp(image.imagePushedAt()));
        }
        image.imageTags().stream()
                .sorted()
                .map(tag ->
                        ContainerImage.newBuilder()
                                .setImage(uri + ":" + tag)
                                .setDigest(image.imageDigest())
                                .build())
                .forEach(asset::addContainerImages);
        Relations.put(
                Stream.of(
                        Relations.containedIn(
                                "Repository", "AWS::ECR::Repository", repository(uri))),
                asset);
        return new Observation(uri + DIGEST + image.imageDigest(), "", asset.build(), asked);
    }
}
