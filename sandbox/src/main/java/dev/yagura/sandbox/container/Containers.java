package dev.yagura.sandbox.container;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Account;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The only cluster of the account, its services and tasks. */
public final class Containers {
    /** Its name; there is none in an account whose seed has no task. */
    public static final String CLUSTER = "shop";

    /** The image of all tasks. */
    public static final String REPOSITORY = "shop";

    public static final String TAG = "1";
    public static final String DIGEST = "sha256:" + "0".repeat(64);

    private final Account account;
    private final Clock clock;

    private final TreeMap<String, Roles> definitions = new TreeMap<>();

    private final TreeMap<String, ContainerService> services = new TreeMap<>();
    private final TreeMap<String, ContainerTask> tasks = new TreeMap<>();
    private final TreeMap<String, Place> places = new TreeMap<>();
    private int started;

    /**
     * Names of the roles of a definition.
     *
     * @param task of the containers
     * @param execution of the agent, which pulls the image; null for none
     */
    public record Roles(String task, @Nullable String execution) {}

    /**
     * Where the tasks of a definition run.
     *
     * @param instance the EC2 instance that is their container instance; null on Fargate
     * @param subnet of their network interface; null where they have none
     */
    public record Place(@Nullable String instance, @Nullable String subnet) {}

    public Containers(Account account, Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    public void define(String definition, Roles roles) {
        definitions.put(definition, roles);
    }

    public void place(String definition, Place place) {
        places.put(definition, place);
    }

    Place place(String definition) {
        return places.getOrDefault(definition, new Place(null, null));
    }

    /** Every cluster there is. */
    List<String> clusters() {
        return definitions.isEmpty() ? List.of() : List.of(arn("cluster", ""));
    }

    /** The EC2 instance that is the container instance of that id. */
    Optional<String> instance(String text) {
        return places.values().stream()
                .flatMap(place -> Stream.ofNullable(place.instance()))
                .filter(instance -> containerInstance(instance).equals(last(text)))
                .findFirst();
    }

    /** Id of the container instance that an EC2 instance is. */
    static String containerInstance(String instance) {
        return (instance.replaceAll("[^0-9a-f]", "") + "a".repeat(32)).substring(0, 32);
    }

    public void addService(String name, String definition, String launchType, int desired) {
        services.put(name, new ContainerService(name, definition, launchType, desired));
        balance();
    }

    /** A task of no service. */
    public void addTask(
            String definition,
            String launchType,
            Map<String, String> tags,
            @Nullable String roleOverride) {
        put(start(null, definition, launchType, tags, roleOverride));
    }

    private ContainerTask start(
            @Nullable String service,
            String definition,
            String launchType,
            Map<String, String> tags,
            @Nullable String roleOverride) {
        started++;
        return new ContainerTask(
                "%032x".formatted(started),
                service,
                definition,
                launchType,
                tags,
                roleOverride,
                clock.instant(),
                null,
                "");
    }

    void put(ContainerTask task) {
        tasks.put(task.id(), task);
    }

    void put(ContainerService service) {
        services.put(service.name(), service);
        balance();
    }

    /** As the scheduler does: as many as are wanted, the youngest go first. */
    void balance() {
        for (ContainerService service : services.values()) {
            List<ContainerTask> wanted = wanted(service.name());
            for (int i = wanted.size(); i < service.desired(); i++) {
                put(
                        start(
                                service.name(),
                                service.definition(),
                                service.launchType(),
                                Map.of(),
                                null));
            }
            wanted.stream()
                    .skip(service.desired())
                    .forEach(task ->
                            put(
                                    task.stopped(
                                            clock.instant(),
                                            "Scaling activity initiated by (deployment"
                                                    + " ecs-svc/1)")));
        }
    }

    List<ContainerTask> wanted(String service) {
        return tasks.values().stream()
                .filter(task -> service.equals(task.service()))
                .filter(ContainerTask::isWanted)
                .toList();
    }

    List<ContainerTask> tasks() {
        return List.copyOf(tasks.values());
    }

    Optional<ContainerService> service(String text) {
        return Optional.ofNullable(services.get(last(text)));
    }

    Optional<ContainerTask> task(String text) {
        return Optional.ofNullable(tasks.get(last(text)));
    }

    /** Of a family with revision, or its ARN. */
    Optional<Roles> roles(String definition) {
        boolean here =
                !definition.startsWith("arn:")
                        || definition.equals(arn("task-definition", last(definition)));
        return here ? Optional.ofNullable(definitions.get(last(definition))) : Optional.empty();
    }

    /** The cluster is there. */
    void requireCluster(String text) {
        if (!last(text).equals(CLUSTER)) {
            throw ApiFault.of("ClusterNotFoundException", "Cluster not found.");
        }
    }

    String arn(String type, String name) {
        return account.arn(
                "ecs",
                switch (type) {
                    case "cluster" -> "cluster/" + CLUSTER;
                    case "task-definition" -> "task-definition/" + name;
                    default -> "%s/%s/%s".formatted(type.toLowerCase(Locale.ROOT), CLUSTER, name);
                });
    }

    String roleArn(String role) {
        return account.globalArn("iam", "role/" + role);
    }

    /** Of a name or an ARN. */
    static String last(String text) {
        return text.substring(text.lastIndexOf('/') + 1);
    }
}
