package dev.yagura.bench.demo;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.response.v1.Action;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the demo on a platform that the launcher has started; exit code 0 if all was observed. */
@Command(name = "demo", mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration MAX_PAUSE = Duration.ofMillis(500);
    private static final Duration INSTANCES_BOUND = Duration.ofSeconds(90);
    private static final String ATTACKED = "web-1";
    private static final String ORDINARY = "app-1";

    @Option(names = "--home", required = true, description = "State folder of the platform.")
    private Path home = Path.of("");

    @Option(names = "--gateway", required = true, description = "HOST:PORT of the gateway.")
    private String gateway = "";

    @Option(names = "--sandbox", required = true, description = "Address of the sandbox.")
    private URI sandbox = URI.create("");

    @Option(names = "--scenario", required = true, description = "Folder of the recordings.")
    private Path scenario = Path.of("");

    private final PrintStream out = System.out;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DemoCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, DemoAgent> agents = new HashMap<>();
        try (PublicApi api =
                        new PublicApi(
                                gatewayAddress(),
                                home.resolve("tls/ca.pem"),
                                home.resolve("tokens/admin"));
                World world = new World(sandbox, ATTACKED)) {
            tell(api, world, agents);
            return 0;
        } catch (StepFailedException | StatusRuntimeException e) {
            System.err.println("demo: " + e.getMessage());
            return 1;
        } finally {
            agents.values().forEach(DemoAgent::close);
        }
    }

    private void tell(PublicApi api, World world, Map<String, DemoAgent> agents)
            throws IOException, InterruptedException {
        List<Asset> instances =
                Awaiting.until(
                        "three instances in the inventory",
                        INSTANCES_BOUND,
                        () -> Optional.of(api.instances()).filter(all -> all.size() == 3));
        Asset attacked = named(instances, ATTACKED);
        List<Asset> others =
                instances.stream().filter(instance -> !instance.equals(attacked)).toList();
        DemoStory story = new DemoStory(api, world, attacked, out);

        story.step("Three EC2 instances are known; their agents enrol and connect.");
        for (Asset instance : instances) {
            agents.put(name(instance), enroll(api, instance));
        }
        story.agentsReport(instances.size());

        story.step(
                "A recorded attack runs on " + ATTACKED + ", ordinary work on " + ORDINARY + ".");
        String rulesBefore = world.effectiveRules();
        Thread attack = play("audit.log", agents, ATTACKED, world::follow);
        Thread ordinary = play("audit-benign.log", agents, ORDINARY, record -> {});
        Incident critical = story.incidentGrows();

        story.step("The incident is critical: an isolation is proposed. Its plan:");
        Action proposal = story.showPlan();

        story.step("A responder approves; the instance is isolated and read back.");
        Action isolation = story.isolate(proposal);
        int beaconsBefore = world.beacons().size();

        story.step("What the network says.");
        story.checkNetwork();

        story.step("The attack goes on in the recording: cron starts the payload again.");
        attack.join();
        ordinary.join();
        story.checkLaterBeacons(beaconsBefore);

        story.step("The whole incident.");
        story.showIncident(critical.getName());
        story.checkOrdinaryHosts(others);

        story.step("The instance is released.");
        story.release(isolation, rulesBefore);

        story.step("Times.");
        story.printTimes(critical, isolation);
    }

    private Thread play(
            String file, Map<String, DemoAgent> agents, String host, Recording.Listener listener)
            throws IOException {
        DemoAgent agent = agents.get(host);
        if (agent == null) {
            throw new StepFailedException("no instance is named " + host);
        }
        Recording recording = Recording.read(scenario.resolve(file), MAX_PAUSE);
        out.printf(
                "   %s: %d records in %d s (pauses cut to %d ms)%n",
                file,
                recording.lines().size(),
                recording.length().toSeconds(),
                MAX_PAUSE.toMillis());
        return Thread.ofPlatform()
                .daemon()
                .name("play-" + file)
                .start(() -> recording.play(agent.log(), listener));
    }

    private DemoAgent enroll(PublicApi api, Asset instance)
            throws IOException, InterruptedException {
        Path folder = home.resolve("agents").resolve(name(instance));
        Files.createDirectories(folder);
        Path token = folder.resolve("enrollment-token");
        Files.writeString(token, api.enrollmentToken(instance.getScope(), 1));
        return DemoAgent.enroll(
                folder,
                launcher(),
                List.of(
                        "--gateway",
                        gateway,
                        "--ca",
                        home.resolve("tls/ca.pem").toString(),
                        "--token-file",
                        token.toString(),
                        "--instance-id",
                        instance.getNativeId(),
                        "--hostname",
                        name(instance)));
    }

    private static String launcher() {
        String launcher = System.getenv("YAGURA_LAUNCHER");
        if (launcher == null) {
            throw new StepFailedException("YAGURA_LAUNCHER is not set: run ./yagura demo");
        }
        return launcher;
    }

    private static Asset named(List<Asset> instances, String name) {
        return instances.stream()
                .filter(instance -> name(instance).equals(name))
                .findFirst()
                .orElseThrow(() -> new StepFailedException("no instance is named " + name));
    }

    /** The Name tag, as the console shows it. */
    private static String name(Asset instance) {
        return instance.getTagsOrDefault("Name", instance.getNativeId());
    }

    private InetSocketAddress gatewayAddress() {
        int colon = gateway.lastIndexOf(':');
        return InetSocketAddress.createUnresolved(
                gateway.substring(0, colon), Integer.parseInt(gateway.substring(colon + 1)));
    }
}
