package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.flow.EffectiveRules;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.identity.Credential;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.ssm.Outcome;
import dev.yagura.sandbox.ssm.PatchState;
import dev.yagura.sandbox.ssm.Software;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.Market;
import dev.yagura.sandbox.world.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What there is, and what happens to instances without the product: power, agents, market. */
final class InstanceRoutes {
    /** One instance, for people and for tests that want its ids. */
    record InstanceView(
            String id,
            String name,
            String state,
            List<InterfaceView> networkInterfaces,
            Map<String, String> tags) {}

    record InterfaceView(
            String id,
            String subnetId,
            List<String> addresses,
            String publicAddress,
            List<String> groupIds) {}

    record RuleView(
            String direction,
            String protocol,
            String ports,
            String farEnd,
            String peer,
            String ruleId,
            String groupId) {}

    record RulesView(String networkInterfaceId, List<String> groupIds, List<RuleView> rules) {}

    private final Sandbox sandbox;

    InstanceRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("GET", "instances", request -> list()),
                Route.of("GET", "instances/*/effective-rules", this::effectiveRules),
                Route.of(
                        "POST",
                        "instances/*/start",
                        request -> power(request, (c, i) -> c.power().start(i, now(c)))),
                Route.of(
                        "POST",
                        "instances/*/stop",
                        request -> power(request, (c, i) -> c.power().stop(i, now(c)))),
                Route.of(
                        "POST",
                        "instances/*/terminate",
                        request -> power(request, (c, i) -> c.power().terminate(i, now(c)))),
                Route.of("POST", "instances/*/agent", this::agent),
                Route.of("PUT", "instances/*/patches", this::scanned),
                Route.of("DELETE", "instances/*/patches", request -> patched(request, null)),
                Route.of("PUT", "instances/*/software", this::installed),
                Route.of("DELETE", "instances/*/software", request -> reported(request, null)),
                Route.of("PUT", "instances/*/shell", this::openShell),
                Route.of("DELETE", "instances/*/shell", this::closeShell),
                Route.of("PUT", "instances/*/market", this::market),
                Route.of("PUT", "instances/*/type", this::ofType),
                Route.of("POST", "instances/*/credentials", this::credentials),
                Route.of("POST", "commands/outcomes", this::arrange));
    }

    private Object list() {
        return sandbox.within(cloud ->
                Map.of(
                        "instances",
                        cloud.world().instances().all().stream()
                                .map(instance -> view(cloud, instance))
                                .toList()));
    }

    private Object effectiveRules(ControlRequest request) {
        return sandbox.within(cloud -> {
            Instance instance = instance(cloud, request);
            return Map.of(
                    "networkInterfaces",
                    cloud.world().interfacesOf(instance.id()).stream()
                            .map(eni -> rules(cloud, eni))
                            .toList());
        });
    }

    private Object power(ControlRequest request, BiConsumer<Cloud, Instance> action) {
        return sandbox.within(cloud -> {
            Instance instance = instance(cloud, request);
            action.accept(cloud, instance);
            return view(cloud, cloud.world().instances().get(instance.id()));
        });
    }

    private Object agent(ControlRequest request) {
        boolean running = request.as(Requests.Agent.class).running();
        return sandbox.within(cloud -> {
            String id = instance(cloud, request).id();
            boolean known =
                    running
                            ? cloud.nodes().startAgent(id, now(cloud))
                            : cloud.nodes().stopAgent(id, now(cloud));
            if (!known) {
                throw new UnknownNameException("managed node", id);
            }
            return Map.of();
        });
    }

    private Object scanned(ControlRequest request) {
        Requests.Patches wanted = request.as(Requests.Patches.class);
        return patched(request, wanted);
    }

    /**
     * @param wanted null: never scanned
     */
    private Object patched(ControlRequest request, Requests.@Nullable Patches wanted) {
        return sandbox.within(cloud -> {
            String id = instance(cloud, request).id();
            PatchState state =
                    wanted == null
                            ? null
                            : new PatchState(
                                    wanted.missing(),
                                    wanted.failed(),
                                    wanted.pendingReboot(),
                                    wanted.critical(),
                                    wanted.security(),
                                    now(cloud)
                                            .minus(
                                                    Objects.requireNonNullElse(
                                                            wanted.age(), Duration.ZERO)));
            if (!cloud.nodes().patched(id, state)) {
                throw new UnknownNameException("managed node", id);
            }
            return Map.of();
        });
    }

    private Object installed(ControlRequest request) {
        Requests.Installed wanted = request.as(Requests.Installed.class);
        return reported(request, wanted);
    }

    /**
     * @param wanted null: its agent has never reported
     */
    private Object reported(ControlRequest request, Requests.@Nullable Installed wanted) {
        return sandbox.within(cloud -> {
            String id = instance(cloud, request).id();
            Software software =
                    wanted == null
                            ? null
                            : new Software(
                                    wanted.packages(),
                                    now(cloud)
                                            .minus(
                                                    Objects.requireNonNullElse(
                                                            wanted.age(), Duration.ZERO)));
            if (!cloud.nodes().reported(id, software)) {
                throw new UnknownNameException("managed node", id);
            }
            return Map.of();
        });
    }

    private Object openShell(ControlRequest request) {
        Requests.Shell shell = request.as(Requests.Shell.class);
        return sandbox.within(cloud -> {
            cloud.runCommand()
                    .shells()
                    .open(
                            instance(cloud, request).id(),
                            Path.of(shell.directory()),
                            shell.process());
            return Map.of();
        });
    }

    private Object closeShell(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.runCommand().shells().close(instance(cloud, request).id());
            return Map.of();
        });
    }

    /** What a program on the instance gets from its metadata service; new keys each time. */
    private Object credentials(ControlRequest request) {
        return sandbox.within(cloud -> {
            Instance instance = instance(cloud, request);
            InstanceProfile profile =
                    cloud.world()
                            .servedProfileOf(instance.id(), cloud.clock().instant())
                            .filter(name -> instance.isRunning() && instance.metadata().enabled())
                            .flatMap(cloud.directory()::instanceProfile)
                            .orElseThrow(() -> new UnknownNameException("role of", instance.id()));
            Credential keys =
                    cloud.directory()
                            .openInstanceSession(
                                    profile,
                                    instance.id(),
                                    cloud.world()
                                            .account()
                                            .arn("ec2", "instance/" + instance.id()));
            return new CredentialsView(
                    profile.roleName(),
                    keys.accessKeyId(),
                    keys.secretKey(),
                    orElse(keys.sessionToken(), ""));
        });
    }

    private Object market(ControlRequest request) {
        Requests.Market wanted = request.as(Requests.Market.class);
        Market spot = wanted.persistent() ? Market.PERSISTENT_SPOT : Market.SPOT;
        return sandbox.within(cloud -> {
            cloud.world()
                    .instances()
                    .put(instance(cloud, request).with(wanted.spot() ? spot : Market.ON_DEMAND));
            return Map.of();
        });
    }

    private Object ofType(ControlRequest request) {
        String type = request.as(Requests.OfType.class).type();
        return sandbox.within(cloud -> {
            cloud.world().instances().put(instance(cloud, request).ofType(type));
            return Map.of();
        });
    }

    private Object arrange(ControlRequest request) {
        Requests.ArrangeOutcome wanted = request.as(Requests.ArrangeOutcome.class);
        return sandbox.within(cloud -> {
            String instanceId =
                    wanted.instance() == null
                            ? null
                            : cloud.connections().instance(wanted.instance()).id();
            cloud.runCommand()
                    .arrange(
                            new Outcome(
                                    instanceId,
                                    wanted.contains(),
                                    wanted.exitCode(),
                                    orElse(wanted.standardOutput(), ""),
                                    orElse(wanted.standardError(), ""),
                                    Objects.requireNonNullElse(
                                            wanted.duration(),
                                            cloud.world().timing().commandRun())));
            return Map.of();
        });
    }

    private static Instance instance(Cloud cloud, ControlRequest request) {
        return cloud.connections().instance(request.part(0));
    }

    private static Instant now(Cloud cloud) {
        return cloud.clock().instant();
    }

    private static InstanceView view(Cloud cloud, Instance instance) {
        Map<String, String> tags = cloud.world().tags().of(instance.id());
        return new InstanceView(
                instance.id(),
                tags.getOrDefault("Name", ""),
                instance.state().text(),
                cloud.world().interfacesOf(instance.id()).stream()
                        .map(InstanceRoutes::view)
                        .toList(),
                tags);
    }

    private static InterfaceView view(NetworkInterface eni) {
        return new InterfaceView(
                eni.id(),
                eni.subnetId(),
                eni.addresses().map(IpAddresses::format).toList(),
                eni.publicAddress() == null ? "" : IpAddresses.format(eni.publicAddress()),
                eni.groupIds());
    }

    private static RulesView rules(Cloud cloud, NetworkInterface eni) {
        return new RulesView(
                eni.id(),
                eni.groupIds(),
                EffectiveRules.of(cloud.world(), eni).rules().stream()
                        .map(rule ->
                                new RuleView(
                                        rule.direction().word(),
                                        rule.protocol().toString(),
                                        rule.ports().toString(),
                                        rule.farEnd().toString(),
                                        rule.peer(),
                                        rule.ruleId(),
                                        rule.groupId()))
                        .toList());
    }

    private static String orElse(@Nullable String text, String standard) {
        return text == null ? standard : text;
    }
}
