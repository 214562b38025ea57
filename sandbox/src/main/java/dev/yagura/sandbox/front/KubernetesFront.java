package dev.yagura.sandbox.front;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.identity.Authenticator;
import dev.yagura.sandbox.identity.Identity;
import dev.yagura.sandbox.identity.RoleSession;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.kubernetes.EksCluster;
import dev.yagura.sandbox.kubernetes.KubernetesApi;
import dev.yagura.sandbox.kubernetes.KubernetesFault;
import dev.yagura.sandbox.kubernetes.KubernetesRequest;
import dev.yagura.sandbox.kubernetes.TokenReview;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.Account;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of Kubernetes APIs, the first segment of whose paths is the name of a cluster:
 * who calls, may it, and only then what it does. In the journal and for faults, an operation is
 * named like {@code k8s:patch pods}.
 */
public final class KubernetesFront {
    private static final int CREATED = 201;

    private final Sandbox sandbox;

    public KubernetesFront(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** A request on its way. */
    private record Exchange(
            KubernetesRequest request, String id, Instant started, long startedNanos) {
        Map<String, String> parameters() {
            Map<String, String> values = new HashMap<>(request.query());
            values.put("namespace", request.namespace());
            values.put("name", request.name());
            values.putIfAbsent("dryRun", "");
            return values;
        }
    }

    public Reply answer(SignedRequest whole) {
        String id = UUID.randomUUID().toString();
        int slash = whole.path().indexOf('/', 1);
        if (slash < 0) {
            return reply(new KubernetesFault(404, "NotFound", "no such path"), id);
        }
        SignedRequest request =
                new SignedRequest(
                        whole.method(),
                        whole.path().substring(slash),
                        whole.query(),
                        whole.headers(),
                        whole.body());
        try {
            Exchange exchange =
                    new Exchange(
                            KubernetesRequest.of(request), id, Instant.now(), System.nanoTime());
            Optional<Fault> fault =
                    sandbox.faults()
                            .take(
                                    sandbox.within(KubernetesFront::place),
                                    exchange.request.operation(),
                                    new Parameters(exchange.parameters()));
            return sandbox.within(cloud ->
                    answer(
                            cloud,
                            whole.path().substring(1, slash),
                            whole.header("authorization").orElse(""),
                            exchange,
                            fault));
        } catch (KubernetesFault e) {
            return reply(e, id);
        }
    }

    private Reply answer(
            Cloud cloud,
            String name,
            String authorization,
            Exchange exchange,
            Optional<Fault> fault) {
        String caller = "unknown";
        try {
            EksCluster cluster =
                    cloud.clusters()
                            .find(name)
                            .orElseThrow(() -> new KubernetesFault(404, "NotFound", name));
            Identity identity = identity(cloud, name, authorization);
            caller = identity.principal().arn();
            fault.flatMap(KubernetesFront::refusal)
                    .ifPresent(refusal -> {
                        throw refusal;
                    });
            ObjectNode object =
                    KubernetesApi.of(
                                    cloud.clusters(),
                                    cluster,
                                    caller,
                                    principal(identity, cloud.world().account()))
                            .answer(exchange.request);
            boolean lost = fault.filter(Fault.LostReply.class::isInstance).isPresent();
            record(cloud, exchange, caller, null, lost);
            int status = exchange.request.verb().equals("create") ? CREATED : 200;
            return reply(status, object, exchange.id, lost);
        } catch (KubernetesFault e) {
            record(cloud, exchange, caller, e, false);
            return reply(e, exchange.id);
        }
    }

    private static Identity identity(Cloud cloud, String cluster, String authorization) {
        Api sts =
                cloud.apis().stream()
                        .filter(each -> each.name().equals("sts"))
                        .findFirst()
                        .orElseThrow();
        SignedRequest proof =
                TokenReview.of(authorization, cluster, cloud.world().account().region())
                        .orElseThrow(KubernetesFront::unauthorized);
        try {
            return new Authenticator(cloud.directory(), cloud.world().account().region())
                    .authenticateUrl(proof, sts);
        } catch (ApiFault e) {
            throw unauthorized();
        }
    }

    private static Place place(Cloud cloud) {
        Account account = cloud.world().account();
        return new Place(account.id(), account.region());
    }

    private static KubernetesFault unauthorized() {
        return new KubernetesFault(401, "Unauthorized", "Unauthorized");
    }

    /** A session counts as its role. */
    private static String principal(Identity identity, Account account) {
        RoleSession session = identity.session();
        return session == null
                ? identity.principal().arn()
                : account.globalArn("iam", "role/" + session.roleName());
    }

    private static Optional<KubernetesFault> refusal(Fault fault) {
        return switch (fault) {
            case Fault.Throttle throttle ->
                    Optional.of(
                            new KubernetesFault(
                                    429,
                                    "TooManyRequests",
                                    "the server has received too many requests and has asked us to"
                                            + " try again later"));
            case Fault.Failure failure ->
                    Optional.of(
                            new KubernetesFault(
                                    failure.status(), failure.code(), failure.message()));
            case Fault.LostReply lost -> Optional.empty();
            case Fault.Delay delay -> Optional.empty();
            // Every read of the API server is of what is stored.
            case Fault.Stale stale -> Optional.empty();
        };
    }

    private void record(
            Cloud cloud,
            Exchange exchange,
            String caller,
            @Nullable KubernetesFault fault,
            boolean lost) {
        sandbox.journal()
                .add(sequence ->
                        new JournalEntry(
                                sequence,
                                cloud.clock().instant(),
                                place(cloud),
                                exchange.request.operation(),
                                exchange.parameters(),
                                caller,
                                exchange.request.isDryRun(),
                                fault == null ? "ok" : fault.reason(),
                                fault == null ? 200 : fault.status(),
                                fault == null ? "" : String.valueOf(fault.getMessage()),
                                exchange.id,
                                fault == null,
                                !lost,
                                exchange.started,
                                (System.nanoTime() - exchange.startedNanos) / 1000,
                                List.of(),
                                List.of()));
    }

    private static Reply reply(KubernetesFault fault, String id) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("apiVersion", "v1")
                .put("kind", "Status")
                .put("status", "Failure")
                .put("message", fault.getMessage())
                .put("reason", fault.reason())
                .put("code", fault.status());
        return reply(fault.status(), status, id, false);
    }

    private static Reply reply(int status, ObjectNode object, String id, boolean lost) {
        return new Reply(
                status,
                Map.of("Content-Type", "application/json", "Audit-Id", id),
                object.toString().getBytes(StandardCharsets.UTF_8),
                lost);
    }
}
