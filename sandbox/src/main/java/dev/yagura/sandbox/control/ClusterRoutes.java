package dev.yagura.sandbox.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.kubernetes.EksCluster;
import dev.yagura.sandbox.kubernetes.KubernetesApi;
import dev.yagura.sandbox.kubernetes.ObjectKind;
import java.util.List;
import java.util.Map;

/** Objects of EKS clusters, as somebody else would change them, and what their pods reach. */
final class ClusterRoutes {
    private final Sandbox sandbox;

    ClusterRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "clusters/*/objects", this::put),
                Route.of("GET", "clusters/*/objects/*/*", this::list),
                Route.of("GET", "clusters/*/objects/*/*/*", this::get),
                Route.of("DELETE", "clusters/*/objects/*/*/*", this::delete),
                Route.of("GET", "clusters/*/endpoints/*/*", this::endpoints),
                Route.of("GET", "clusters/*/reach/*/*", this::reach),
                Route.of("DELETE", "clusters/*", this::remove));
    }

    private Object put(ControlRequest request) {
        ObjectNode object = request.as(ObjectNode.class);
        return sandbox.within(cloud -> cluster(cloud, request).put(object));
    }

    private Object list(ControlRequest request) {
        return sandbox.within(cloud ->
                Map.of("items", cluster(cloud, request).list(kind(request), namespace(request))));
    }

    private Object get(ControlRequest request) {
        return sandbox.within(cloud ->
                cluster(cloud, request)
                        .find(kind(request), namespace(request), request.part(3))
                        .orElseThrow(
                                () -> new UnknownNameException(request.part(1), request.part(3))));
    }

    private Object delete(ControlRequest request) {
        return sandbox.within(cloud ->
                Map.of(
                        "removed",
                        cluster(cloud, request)
                                .remove(kind(request), namespace(request), request.part(3))));
    }

    private Object endpoints(ControlRequest request) {
        return sandbox.within(cloud ->
                Map.of(
                        "pods",
                        cluster(cloud, request).endpoints(request.part(1), request.part(2))));
    }

    private Object reach(ControlRequest request) {
        return sandbox.within(cloud ->
                Map.of(
                        "allowed",
                        KubernetesApi.reaches(
                                cluster(cloud, request),
                                request.part(1),
                                request.part(2),
                                request.query().getOrDefault("to", ""),
                                Integer.parseInt(request.query().getOrDefault("port", "443")))));
    }

    private Object remove(ControlRequest request) {
        return sandbox.within(cloud -> Map.of("removed", cloud.clusters().remove(request.part(0))));
    }

    private static ObjectKind kind(ControlRequest request) {
        return ObjectKind.named(request.part(1));
    }

    /** "-" for what is in none. */
    private static String namespace(ControlRequest request) {
        return request.part(2).equals("-") ? "" : request.part(2);
    }

    private static EksCluster cluster(Cloud cloud, ControlRequest request) {
        String name = request.part(0);
        return cloud.clusters()
                .find(name)
                .orElseThrow(() -> new UnknownNameException("cluster", name));
    }
}
