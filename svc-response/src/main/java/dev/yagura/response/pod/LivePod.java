package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.proto.response.v1.PodContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A pod as the API has it now. */
record LivePod(JsonNode json) {
    private static final String FARGATE_LABEL = "eks.amazonaws.com/fargate-profile";

    String namespace() {
        return metadata().path("namespace").asText();
    }

    String name() {
        return metadata().path("name").asText();
    }

    String uid() {
        return metadata().path("uid").asText();
    }

    String resourceVersion() {
        return metadata().path("resourceVersion").asText();
    }

    Map<String, String> labels() {
        return map(metadata().path("labels"));
    }

    Map<String, String> annotations() {
        return map(metadata().path("annotations"));
    }

    String nodeName() {
        return spec().path("nodeName").asText();
    }

    String serviceAccount() {
        return spec().path("serviceAccountName").asText("default");
    }

    String phase() {
        return json.path("status").path("phase").asText();
    }

    /** It has ended, or is to end. */
    boolean isEnding() {
        return metadata().has("deletionTimestamp")
                || List.of("Succeeded", "Failed").contains(phase());
    }

    /** Of a file of the node, which the kubelet obeys; the object is only its image. */
    boolean isStatic() {
        return annotations().containsKey("kubernetes.io/config.mirror");
    }

    boolean hasHostNetwork() {
        return spec().path("hostNetwork").asBoolean();
    }

    boolean isOnFargate() {
        return labels().containsKey(FARGATE_LABEL) || nodeName().startsWith("fargate-");
    }

    boolean isOfWindows() {
        return spec().path("os").path("name").asText().equals("windows");
    }

    /** "ReplicaSet/web-7d4b9c"; empty when nothing controls it. */
    Optional<String> owner() {
        return metadata()
                .path("ownerReferences")
                .valueStream()
                .filter(each -> each.path("controller").asBoolean())
                .map(each -> each.path("kind").asText() + "/" + each.path("name").asText())
                .findFirst();
    }

    /** Why whoever is in the pod may be on its node too; empty for a pod that is confined. */
    List<String> waysToTheNode() {
        List<String> ways = new ArrayList<>();
        Stream.of("hostNetwork", "hostPID", "hostIPC")
                .filter(each -> spec().path(each).asBoolean())
                .forEach(ways::add);
        containers()
                .filter(each -> each.path("securityContext").path("privileged").asBoolean())
                .map(each -> "privileged container " + each.path("name").asText())
                .forEach(ways::add);
        spec().path("volumes")
                .valueStream()
                .filter(each -> each.has("hostPath"))
                .map(each -> "hostPath " + each.path("hostPath").path("path").asText())
                .forEach(ways::add);
        return ways;
    }

    /** ARNs of roles that IAM roles for service accounts (IRSA) gives its containers. */
    List<String> tokenRoles() {
        return environment("AWS_ROLE_ARN").distinct().toList();
    }

    /** EKS Pod Identity gives its containers a role that the pod does not name. */
    boolean hasPodIdentity() {
        return environment("AWS_CONTAINER_CREDENTIALS_FULL_URI").findAny().isPresent();
    }

    List<String> ips() {
        return json.path("status")
                .path("podIPs")
                .valueStream()
                .map(each -> each.path("ip").asText())
                .toList();
    }

    /** RFC 3339; empty before it started. */
    String startTime() {
        return json.path("status").path("startTime").asText();
    }

    List<PodContainer> states() {
        return Stream.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
                .flatMap(each -> json.path("status").path(each).valueStream())
                .map(each ->
                        PodContainer.newBuilder()
                                .setName(each.path("name").asText())
                                .setImage(each.path("image").asText())
                                .setImageId(each.path("imageID").asText())
                                .setContainerId(each.path("containerID").asText())
                                .build())
                .toList();
    }

    private Stream<String> environment(String name) {
        return containers()
                .flatMap(each -> each.path("env").valueStream())
                .filter(each -> each.path("name").asText().equals(name))
                .map(each -> each.path("value").asText())
                .filter(each -> !each.isEmpty());
    }

    private Stream<JsonNode> containers() {
        return Stream.of("initContainers", "containers", "ephemeralContainers")
                .flatMap(each -> spec().path(each).valueStream());
    }

    private JsonNode metadata() {
        return json.path("metadata");
    }

    private JsonNode spec() {
        return json.path("spec");
    }

    static Map<String, String> map(JsonNode json) {
        Map<String, String> values = new TreeMap<>();
        json.propertyStream().forEach(each -> values.put(each.getKey(), each.getValue().asText()));
        return values;
    }
}
