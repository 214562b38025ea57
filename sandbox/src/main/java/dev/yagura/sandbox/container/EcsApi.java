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
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** ECS: clusters, tasks, container instances, StopTask, services and task definitions. */
public final class EcsApi {
    public static final String NAME = "ecs";

    /** Of the header X-Amz-Target. */
    private static final String TARGET = "AmazonEC2ContainerServiceV20141113";

    private static final String CLUSTER = "cluster";
    private static final String SERVICE = "service";
    private static final String INSTANCE = "container-instance";
    private static final int LONGEST_REASON = 1024;
    private static final int AT_ONCE = 100;
    private static final String ADDRESS = "10.20.2.77";

    private static final Page.Rules PAGES =
            new Page.Rules(
                    "maxResults",
                    "nextToken",
                    1,
                    100,
                    100,
                    "InvalidParameterException",
                    "InvalidParameterException");

    private final Containers containers;
    private final Registry registry;
    private final Clock clock;

    private EcsApi(Containers containers, Registry registry, Clock clock) {
        this.containers = containers;
        this.registry = registry;
        this.clock = clock;
    }

    public static Api of(Containers containers, Registry registry, Clock clock) {
        EcsApi ecs = new EcsApi(containers, registry, clock);
        return Api.of(
                NAME,
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        ecs.on("DescribeTasks", ecs::describeTasks, "task", "tasks.1")
                                .needs("tasks")
                                .knows(CLUSTER, "include.N"),
                        Operation.named("ListClusters", ecs::listClusters)
                                .knows("maxResults", "nextToken"),
                        ecs.on(
                                        "DescribeContainerInstances",
                                        ecs::describeContainerInstances,
                                        INSTANCE,
                                        "containerInstances.1")
                                .needs("containerInstances")
                                .knows(CLUSTER),
                        Operation.named("ListTasks", ecs::listTasks)
                                .knows(
                                        CLUSTER,
                                        "desiredStatus",
                                        "serviceName",
                                        "maxResults",
                                        "nextToken"),
                        ecs.on("StopTask", ecs::stopTask, "task", "task")
                                .needs("task")
                                .knows(CLUSTER, "reason"),
                        ecs.on("DescribeServices", ecs::describeServices, SERVICE, "services.1")
                                .needs("services")
                                .knows(CLUSTER),
                        ecs.on("UpdateService", ecs::updateService, SERVICE, SERVICE)
                                .needs(SERVICE)
                                .knows(CLUSTER, "desiredCount"),
                        Operation.named("DescribeTaskDefinition", ecs::describeDefinition)
                                .needs("taskDefinition")));
    }

    private Operation on(String name, Function<Call, Body> action, String type, String parameter) {
        return Operation.named(name, action)
                .on(parameters ->
                        List.of(
                                containers.arn(
                                        type,
                                        Containers.last(parameters.text(parameter).orElse("")))));
    }

    private Body describeTasks(Call call) {
        cluster(call);
        ObjectNode answer = object();
        ArrayNode found = answer.putArray("tasks");
        ArrayNode failures = answer.putArray("failures");
        boolean tags = call.parameters().list("include").contains("TAGS");
        for (String each : atMost(call.parameters().list("tasks"))) {
            Optional<ContainerTask> task = containers.task(each);
            if (task.isPresent()) {
                write(found.addObject(), task.get(), tags);
            } else {
                failures.addObject()
                        .put("arn", containers.arn("task", Containers.last(each)))
                        .put("reason", "MISSING");
            }
        }
        return new Body.Members(answer);
    }

    private void write(ObjectNode json, ContainerTask task, boolean tags) {
        Instant now = clock.instant();
        json.put("taskArn", containers.arn("task", task.id()))
                .put("clusterArn", containers.arn(CLUSTER, ""))
                .put("taskDefinitionArn", containers.arn("task-definition", task.definition()))
                .put("lastStatus", task.status(now))
                .put("desiredStatus", task.isWanted() ? "RUNNING" : "STOPPED")
                .put("launchType", task.launchType())
                .put("healthStatus", "UNKNOWN")
                .put("group", task.service() == null ? "family:tool" : "service:" + task.service())
                .put("startedAt", task.started().toEpochMilli() / 1000.0);
        if (task.stopping() != null) {
            json.put("stoppedReason", task.reason())
                    .put("stoppingAt", task.stopping().toEpochMilli() / 1000.0);
        }
        ObjectNode overrides = json.putObject("overrides");
        if (task.roleOverride() != null) {
            overrides.put("taskRoleArn", containers.roleArn(task.roleOverride()));
        }
        if (task.launchType().equals("EC2")) {
            String instance = containers.place(task.definition()).instance();
            json.put(
                    "containerInstanceArn",
                    containers.arn(
                            INSTANCE,
                            Containers.containerInstance(instance == null ? "" : instance)));
        } else {
            ArrayNode details =
                    json.putArray("attachments")
                            .addObject()
                            .put("type", "ElasticNetworkInterface")
                            .putArray("details");
            String subnet = containers.place(task.definition()).subnet();
            if (subnet != null) {
                details.addObject().put("name", "subnetId").put("value", subnet);
            }
            details.addObject()
                    .put("name", "networkInterfaceId")
                    .put("value", "eni-0" + task.id().substring(16));
            details.addObject().put("name", "privateIPv4Address").put("value", ADDRESS);
        }
        json.putArray("containers")
                .addObject()
                .put("name", "main")
                .put("image", registry.uri(Containers.REPOSITORY) + ":" + Containers.TAG)
                .put("imageDigest", Containers.DIGEST)
                .put("runtimeId", task.id() + "-1")
                .putArray("networkInterfaces")
                .addObject()
                .put("privateIpv4Address", ADDRESS);
        if (tags) {
            ArrayNode list = json.putArray("tags");
            task.tags()
                    .forEach((key, value) -> list.addObject().put("key", key).put("value", value));
        }
    }

    private Body listClusters(Call call) {
        Page<String> page =
                Page.of(containers.clusters(), Function.identity(), call.parameters(), PAGES);
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("clusterArns");
        page.items().forEach(list::add);
        page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        return new Body.Members(answer);
    }

    private Body describeContainerInstances(Call call) {
        cluster(call);
        ObjectNode answer = object();
        ArrayNode found = answer.putArray("containerInstances");
        ArrayNode failures = answer.putArray("failures");
        for (String each : atMost(call.parameters().list("containerInstances"))) {
            String arn = containers.arn(INSTANCE, Containers.last(each));
            Optional<String> instance = containers.instance(each);
            if (instance.isPresent()) {
                found.addObject()
                        .put("containerInstanceArn", arn)
                        .put("ec2InstanceId", instance.get())
                        .put("status", "ACTIVE")
                        .put("agentConnected", true);
            } else {
                failures.addObject().put("arn", arn).put("reason", "MISSING");
            }
        }
        return new Body.Members(answer);
    }

    private static List<String> atMost(List<String> named) {
        if (named.size() > AT_ONCE) {
            throw invalid("at most 100 can be described at once");
        }
        return named;
    }

    private Body listTasks(Call call) {
        cluster(call);
        Parameters parameters = call.parameters();
        String status = parameters.text("desiredStatus").orElse("RUNNING");
        Optional<String> service = parameters.text("serviceName").map(Containers::last);
        List<ContainerTask> matching =
                containers.tasks().stream()
                        .filter(task -> task.isWanted() == status.equals("RUNNING"))
                        .filter(task -> service.isEmpty() || service.get().equals(task.service()))
                        .toList();
        Page<ContainerTask> page = Page.of(matching, ContainerTask::id, parameters, PAGES);
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("taskArns");
        page.items().forEach(task -> list.add(containers.arn("task", task.id())));
        page.nextToken().ifPresent(token -> answer.put("nextToken", token));
        return new Body.Members(answer);
    }

    private Body stopTask(Call call) {
        cluster(call);
        String reason = call.parameters().text("reason").orElse("");
        if (reason.length() > LONGEST_REASON) {
            throw invalid("reason must have at most 1024 characters");
        }
        ContainerTask task =
                containers
                        .task(call.parameters().required("task"))
                        .orElseThrow(() -> invalid("The referenced task was not found."));
        if (task.isWanted()) {
            containers.put(task.stopped(clock.instant(), reason));
            containers.balance();
        }
        ObjectNode answer = object();
        write(answer.putObject("task"), containers.task(task.id()).orElseThrow(), false);
        return new Body.Members(answer);
    }

    private Body describeServices(Call call) {
        cluster(call);
        ObjectNode answer = object();
        ArrayNode found = answer.putArray("services");
        ArrayNode failures = answer.putArray("failures");
        for (String each : call.parameters().list("services")) {
            Optional<ContainerService> service = containers.service(each);
            if (service.isPresent()) {
                write(found.addObject(), service.get());
            } else {
                failures.addObject()
                        .put("arn", containers.arn(SERVICE, Containers.last(each)))
                        .put("reason", "MISSING");
            }
        }
        return new Body.Members(answer);
    }

    private void write(ObjectNode json, ContainerService service) {
        json.put("serviceArn", containers.arn(SERVICE, service.name()))
                .put("serviceName", service.name())
                .put("clusterArn", containers.arn(CLUSTER, ""))
                .put("status", "ACTIVE")
                .put("desiredCount", service.desired())
                .put("runningCount", containers.wanted(service.name()).size())
                .put("pendingCount", 0)
                .put("launchType", service.launchType())
                .put("schedulingStrategy", "REPLICA");
        json.putObject("deploymentConfiguration")
                .put("minimumHealthyPercent", 100)
                .put("maximumPercent", 200);
    }

    private Body updateService(Call call) {
        cluster(call);
        ContainerService service =
                containers
                        .service(call.parameters().required(SERVICE))
                        .orElseThrow(() ->
                                ApiFault.of("ServiceNotFoundException", "Service not found."));
        int desired = call.parameters().integer("desiredCount").orElse(service.desired());
        if (desired < 0) {
            throw invalid("desiredCount must not be negative");
        }
        containers.put(service.wanting(desired));
        ObjectNode answer = object();
        write(answer.putObject(SERVICE), containers.service(service.name()).orElseThrow());
        return new Body.Members(answer);
    }

    private Body describeDefinition(Call call) {
        String definition = call.parameters().required("taskDefinition");
        Containers.Roles roles =
                containers
                        .roles(definition)
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "ClientException", "Unable to describe task definition."));
        ObjectNode answer = object();
        ObjectNode described = answer.putObject("taskDefinition");
        described
                .put(
                        "taskDefinitionArn",
                        containers.arn("task-definition", Containers.last(definition)))
                .put("family", Containers.last(definition).replaceAll(":.*", ""))
                .put("taskRoleArn", containers.roleArn(roles.task()));
        if (roles.execution() != null) {
            described.put("executionRoleArn", containers.roleArn(roles.execution()));
        }
        return new Body.Members(answer);
    }

    private void cluster(Call call) {
        containers.requireCluster(call.parameters().text(CLUSTER).orElse("default"));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ApiFault invalid(String text) {
        return ApiFault.of("InvalidParameterException", "%s", text);
    }
}
