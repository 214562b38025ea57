package dev.yagura.sandbox.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.JsonText;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A request of the Kubernetes API taken apart.
 *
 * @param verb as RBAC has it
 * @param name empty for all of a kind
 */
public record KubernetesRequest(
        String verb,
        ObjectKind kind,
        String namespace,
        String name,
        Map<String, String> query,
        String contentType,
        byte[] body) {
    private static final Set<String> KNOWN =
            Set.of("limit", "continue", "labelSelector", "fieldManager", "dryRun");
    private static final String CORE = "core";

    /**
     * Reads it.
     *
     * @throws KubernetesFault 404 for a path that the sandbox does not have
     */
    public static KubernetesRequest of(SignedRequest request) {
        List<String> segments =
                Stream.of(request.path().split("/", -1))
                        .filter(each -> !each.isEmpty())
                        .map(each -> URLDecoder.decode(each, UTF_8))
                        .toList();
        boolean core = segments.size() > 2 && segments.get(0).equals("api");
        boolean grouped = segments.size() > 3 && segments.get(0).equals("apis");
        if (!core && !grouped) {
            throw unknown(request);
        }
        String group = core ? CORE : segments.get(1);
        List<String> rest = segments.subList(core ? 2 : 3, segments.size());
        String version = segments.get(core ? 1 : 2);
        boolean inNamespace = rest.size() > 2 && rest.getFirst().equals("namespaces");
        String namespace = inNamespace ? rest.get(1) : "";
        List<String> object = inNamespace ? rest.subList(2, rest.size()) : rest;
        ObjectKind kind =
                ObjectKind.of(group.equals(CORE) ? "" : group, object.getFirst())
                        .filter(each -> version.equals("v1"))
                        .filter(each -> each.isNamespaced() || !inNamespace)
                        .filter(each -> object.size() <= 2)
                        .orElseThrow(() -> unknown(request));
        String name = object.size() > 1 ? object.get(1) : "";
        return new KubernetesRequest(
                verb(request, name),
                kind,
                namespace,
                name,
                query(request),
                request.header("content-type").orElse(""),
                request.body());
    }

    private static String verb(SignedRequest request, String name) {
        return switch (request.method()) {
            case "GET" -> name.isEmpty() ? "list" : "get";
            case "POST" -> "create";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            default ->
                    throw new KubernetesFault(
                            405, "MethodNotAllowed", "the server does not allow this method");
        };
    }

    private static Map<String, String> query(SignedRequest request) {
        Map<String, String> values = new HashMap<>();
        for (String pair : request.query().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        for (String each : values.keySet()) {
            if (!KNOWN.contains(each)) {
                throw KubernetesFault.badRequest("the sandbox does not know the parameter " + each);
            }
        }
        return values;
    }

    private static KubernetesFault unknown(SignedRequest request) {
        return new KubernetesFault(
                404,
                "NotFound",
                "the server could not find the requested resource (%s)".formatted(request.path()));
    }

    /** "k8s:patch pods", as a journal has it. */
    public String operation() {
        return "k8s:" + verb + " " + kind.plural();
    }

    public boolean isDryRun() {
        String value = query.getOrDefault("dryRun", "");
        if (!value.isEmpty() && !value.equals("All")) {
            throw KubernetesFault.invalid("dryRun: Unsupported value: " + value);
        }
        return !value.isEmpty();
    }

    JsonNode json() {
        try {
            return JsonText.mapper().readTree(body);
        } catch (IOException e) {
            throw KubernetesFault.badRequest("the object provided is unrecognized");
        }
    }
}
