package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** One cluster: who may enter it, and its objects, each with a version of its own. */
public final class EksCluster {
    private final String name;
    private final Clock clock;

    /** Groups by the ARN of the user or role that has an access entry. */
    private final Map<String, List<String>> entries;

    private final List<PodIdentity> identities;
    private final TreeMap<ObjectId, ObjectNode> objects = new TreeMap<>();
    private final ReplicaSets replicaSets = new ReplicaSets(this);
    private long version = 1_000;
    private int made;

    /** A role that EKS Pod Identity gives a service account. */
    public record PodIdentity(String id, String namespace, String serviceAccount, String roleArn) {}

    /** Namespace is empty for what is in none. */
    record ObjectId(ObjectKind kind, String namespace, String name)
            implements Comparable<ObjectId> {
        @Override
        public int compareTo(ObjectId other) {
            return key().compareTo(other.key());
        }

        private String key() {
            return kind.ordinal() + "/" + namespace + "/" + name;
        }
    }

    public EksCluster(
            String name,
            Map<String, List<String>> entries,
            List<PodIdentity> identities,
            Clock clock) {
        this.name = name;
        this.entries = Map.copyOf(entries);
        this.identities = List.copyOf(identities);
        this.clock = clock;
    }

    public String name() {
        return name;
    }

    Optional<List<String>> groups(String principalArn) {
        return Optional.ofNullable(entries.get(principalArn));
    }

    List<PodIdentity> identities() {
        return identities;
    }

    public Optional<ObjectNode> find(ObjectKind kind, String namespace, String object) {
        return Optional.ofNullable(objects.get(new ObjectId(kind, namespace, object)))
                .map(ObjectNode::deepCopy);
    }

    /** Of a namespace, or of all where it is empty. */
    public List<ObjectNode> list(ObjectKind kind, String namespace) {
        return objects.entrySet().stream()
                .filter(each -> each.getKey().kind() == kind)
                .filter(each -> namespace.isEmpty() || each.getKey().namespace().equals(namespace))
                .map(each -> each.getValue().deepCopy())
                .toList();
    }

    /** What is there from the start. */
    public void plant(List<ObjectNode> given) {
        given.forEach(each -> store(each.deepCopy()));
        replicaSets.balance();
    }

    /** Made, or put in the place of what has its name; then controllers do their part. */
    public ObjectNode put(JsonNode given) {
        ObjectNode stored = store((ObjectNode) given.deepCopy());
        replicaSets.balance();
        return stored;
    }

    ObjectNode store(ObjectNode object) {
        ObjectKind kind = ObjectKind.named(object.path("kind").asText());
        ObjectRules.check(kind, object);
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        if (!metadata.has("uid")) {
            made++;
            metadata.put(
                    "uid", new UUID(0x4000L | (long) made << 16, Long.MIN_VALUE | made).toString());
            metadata.put(
                    "creationTimestamp",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        version++;
        metadata.put("resourceVersion", Long.toString(version));
        objects.put(id(kind, object), object);
        return object.deepCopy();
    }

    private static ObjectId id(ObjectKind kind, ObjectNode object) {
        return new ObjectId(
                kind,
                kind.isNamespaced() ? object.path("metadata").path("namespace").asText() : "",
                object.path("metadata").path("name").asText());
    }

    /** False where there was none. */
    public boolean remove(ObjectKind kind, String namespace, String object) {
        boolean removed = objects.remove(new ObjectId(kind, namespace, object)) != null;
        replicaSets.balance();
        return removed;
    }

    /** For names and addresses of pods. */
    int next() {
        made++;
        return made;
    }

    void drop(ObjectNode pod) {
        objects.remove(id(ObjectKind.PODS, pod));
    }

    /** Names of the pods that a Service sends traffic to. */
    public List<String> endpoints(String namespace, String service) {
        JsonNode selector =
                find(ObjectKind.SERVICES, namespace, service)
                        .orElseThrow()
                        .path("spec")
                        .path("selector");
        return list(ObjectKind.PODS, namespace).stream()
                .filter(pod -> {
                    Map<String, String> labels = LabelSelector.labels(pod);
                    return selector.properties().stream()
                            .allMatch(each ->
                                    each.getValue().asText().equals(labels.get(each.getKey())));
                })
                .map(pod -> pod.path("metadata").path("name").asText())
                .toList();
    }
}
