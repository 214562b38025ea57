package dev.yagura.sandbox.container;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/** ECR: which repositories and images there are. */
public final class RegistryApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AmazonEC2ContainerRegistry_V20150921";

    private static final String NAME = "repositoryName";
    private static final String IDS = "imageIds";
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "maxResults",
                    "nextToken",
                    1,
                    1000,
                    100,
                    "InvalidParameterException",
                    "InvalidParameterException");

    private final Registry registry;

    private RegistryApi(Registry registry) {
        this.registry = registry;
    }

    public static Api of(Registry registry) {
        RegistryApi api = new RegistryApi(registry);
        return Api.of(
                "ecr",
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        Operation.named("DescribeRepositories", api::repositories)
                                .knows("maxResults", "nextToken"),
                        Operation.named("DescribeImages", api::images)
                                .needs(NAME)
                                .knows(IDS + ".N.imageDigest", "maxResults", "nextToken")));
    }

    private Body repositories(Call call) {
        Page<String> page =
                Page.of(registry.repositories(), Function.identity(), call.parameters(), PAGES);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("repositories");
        page.items()
                .forEach(name ->
                        list.addObject()
                                .put(NAME, name)
                                .put("registryId", registry.registryId())
                                .put("repositoryArn", registry.arn(name))
                                .put("repositoryUri", registry.uri(name)));
        page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        return new Body.Members(answer);
    }

    private Body images(Call call) {
        Parameters parameters = call.parameters();
        String repository = parameters.required(NAME);
        SortedMap<String, Registry.Image> images =
                registry.images(repository)
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "RepositoryNotFoundException",
                                        "The repository with name '%s' does not exist in the"
                                                + " registry with id '%s'",
                                        repository,
                                        registry.registryId()));
        List<Parameters> wanted = parameters.structures(IDS);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("imageDetails");
        if (wanted.isEmpty()) {
            Page<Registry.Image> page =
                    Page.of(
                            List.copyOf(images.values()),
                            Registry.Image::digest,
                            parameters,
                            PAGES);
            page.items().forEach(image -> write(list.addObject(), repository, image));
            page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        } else {
            named(repository, images, wanted, parameters)
                    .forEach(image -> write(list.addObject(), repository, image));
        }
        return new Body.Members(answer);
    }

    /** All of them, or an error that one of them is not there. */
    private static List<Registry.Image> named(
            String repository,
            SortedMap<String, Registry.Image> images,
            List<Parameters> wanted,
            Parameters parameters) {
        if (parameters.has("maxResults") || parameters.has("nextToken")) {
            throw ApiFault.of(
                    "InvalidParameterException",
                    "Pages cannot be asked for together with imageIds");
        }
        List<Registry.Image> found = new ArrayList<>();
        for (Parameters each : wanted) {
            String digest = each.required("imageDigest");
            Registry.Image image = images.get(digest);
            if (image == null) {
                throw ApiFault.of(
                        "ImageNotFoundException",
                        "The image with imageId {imageDigest:'%s'} does not exist within the"
                                + " repository with name '%s'",
                        digest,
                        repository);
            }
            found.add(image);
        }
        return found;
    }

    private void write(ObjectNode into, String repository, Registry.Image image) {
        into.put("registryId", registry.registryId())
                .put(NAME, repository)
                .put("imageDigest", image.digest())
                .put("imagePushedAt", image.pushed().toEpochMilli() / 1000.0);
        ArrayNode tags = into.putArray("imageTags");
        image.tags().forEach(tags::add);
    }
}
