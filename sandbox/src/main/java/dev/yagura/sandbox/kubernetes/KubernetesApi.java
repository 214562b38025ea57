package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What the API of one cluster does for a caller who is known. */
public final class KubernetesApi {
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final int USUAL_PAGE = 500;

    private final EksCluster cluster;
    private final Rbac rbac;
    private final String user;
    private final List<String> groups;

    /**
     * @param user ARN of who calls
     */
    private KubernetesApi(EksCluster cluster, Rbac rbac, String user, List<String> groups) {
        this.cluster = cluster;
        this.rbac = rbac;
        this.user = user;
        this.groups = List.copyOf(groups);
    }

    /**
     * For a caller.
     *
     * @param principalArn of the user, or of the role behind a session
     * @throws KubernetesFault 401 for one without an access entry
     */
    public static KubernetesApi of(
            Clusters clusters, EksCluster cluster, String user, String principalArn) {
        return new KubernetesApi(
                cluster,
                clusters.server().rbac(),
                user,
                cluster.groups(principalArn)
                        .orElseThrow(
                                () -> new KubernetesFault(401, "Unauthorized", "Unauthorized")));
    }

    /** Status 201 for what was made, 200 for all else. */
    public ObjectNode answer(KubernetesRequest request) {
        if (request.kind() == ObjectKind.ACCESS_REVIEWS) {
            return review(request);
        }
        authorize(request);
        return switch (request.verb()) {
            case "get" -> existing(request);
            case "list" -> list(request);
            case "create" -> create(request);
            case "patch" -> patch(request);
            case "delete" -> delete(request);
            default -> throw new KubernetesFault(405, "MethodNotAllowed", request.verb());
        };
    }

    /** Everybody may ask what is allowed to them. */
    private ObjectNode review(KubernetesRequest request) {
        ObjectNode review = (ObjectNode) request.json();
        JsonNode asked = review.path("spec").path("resourceAttributes");
        review.putObject("status")
                .put(
                        "allowed",
                        rbac.allows(
                                groups,
                                asked.path("verb").asText(),
                                asked.path("group").asText(),
                                asked.path("resource").asText(),
                                asked.path("name").asText()));
        return review;
    }

    private void authorize(KubernetesRequest request) {
        ObjectKind kind = request.kind();
        if (!rbac.allows(groups, request.verb(), kind.group(), kind.plural(), request.name())) {
            String in =
                    request.namespace().isEmpty()
                            ? "at the cluster scope"
                            : "in the namespace \"%s\"".formatted(request.namespace());
            throw new KubernetesFault(
                    403,
                    "Forbidden",
                    "%s \"%s\" is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
                            .formatted(
                                    kind.plural(),
                                    request.name(),
                                    user,
                                    request.verb(),
                                    kind.plural(),
                                    kind.group(),
                                    in));
        }
    }

    private ObjectNode existing(KubernetesRequest request) {
        return cluster.find(request.kind(), request.namespace(), request.name())
                .orElseThrow(() ->
                        new KubernetesFault(
                                404,
                                "NotFound",
                                "%s \"%s\" not found"
                                        .formatted(request.kind().plural(), request.name())));
    }

    private ObjectNode list(KubernetesRequest request) {
        String selector = request.query().getOrDefault("labelSelector", "");
        List<ObjectNode> all =
                cluster.list(request.kind(), request.namespace()).stream()
                        .filter(each -> LabelSelector.takes(selector, LabelSelector.labels(each)))
                        .toList();
        int from = Integer.parseInt(request.query().getOrDefault("continue", "0"));
        int limit = Integer.parseInt(request.query().getOrDefault("limit", "" + USUAL_PAGE));
        int to = Math.min(all.size(), from + limit);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("apiVersion", request.kind().apiVersion())
                .put("kind", request.kind().kind() + "List");
        ObjectNode metadata = answer.putObject("metadata");
        if (to < all.size()) {
            metadata.put("continue", Integer.toString(to));
        }
        answer.putArray("items").addAll(all.subList(Math.min(from, to), to));
        return answer;
    }

    private ObjectNode create(KubernetesRequest request) {
        ObjectNode object = (ObjectNode) request.json();
        ObjectNode metadata = object.withObject("/metadata");
        String name = metadata.path("name").asText();
        if (request.kind().isNamespaced()) {
            if (!metadata.path("namespace")
                    .asText(request.namespace())
                    .equals(request.namespace())) {
                throw KubernetesFault.badRequest(
                        "the namespace of the provided object does not match the namespace sent on"
                                + " the request");
            }
            metadata.put("namespace", request.namespace());
        }
        ObjectRules.check(request.kind(), object);
        if (cluster.find(request.kind(), request.namespace(), name).isPresent()) {
            throw new KubernetesFault(
                    409,
                    "AlreadyExists",
                    "%s \"%s\" already exists".formatted(request.kind().plural(), name));
        }
        return request.isDryRun() ? object : cluster.put(object);
    }

    private ObjectNode patch(KubernetesRequest request) {
        ObjectNode before = existing(request);
        if (!request.contentType().equals(JSON_PATCH)) {
            throw new KubernetesFault(
                    415,
                    "UnsupportedMediaType",
                    "the sandbox takes " + JSON_PATCH + " only, not " + request.contentType());
        }
        ObjectNode after = JsonPatch.apply(before, request.json());
        ObjectRules.check(request.kind(), after);
        ObjectRules.checkChange(request.kind(), before, after);
        return request.isDryRun() ? after : cluster.put(after);
    }

    private ObjectNode delete(KubernetesRequest request) {
        ObjectNode object = existing(request);
        JsonNode wanted =
                request.body().length == 0
                        ? JsonNodeFactory.instance.objectNode()
                        : request.json().path("preconditions");
        JsonNode uid = object.path("metadata").path("uid");
        if (wanted.has("uid") && !wanted.path("uid").equals(uid)) {
            throw new KubernetesFault(
                    409,
                    "Conflict",
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(wanted.path("uid").asText(), uid.asText()));
        }
        if (!request.isDryRun()) {
            cluster.remove(request.kind(), request.namespace(), request.name());
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Success");
    }

    /** See {@link Reach}. */
    public static boolean reaches(
            EksCluster cluster, String namespace, String from, String to, int port) {
        return new Reach(cluster).passes(namespace, from, to, port);
    }
}
