package dev.yagura.agent;

import dev.yagura.agent.enrollment.HostFacts;
import dev.yagura.agent.enrollment.InstanceMetadata;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.follow.Positions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Follows logs of sensors, through rotation, until it is stopped by SIGTERM or Ctrl-C.",
        footer = {
            "",
            "Example:",
            "  yagura-agent run --state /var/lib/yagura --source auditd:/var/log/audit/audit.log --source sysmon-linux:/var/log/syslog"
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final Duration SAVE_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_EVENT = Duration.ofSeconds(1);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StateOption state = new StateOption();

    @Option(
            names = "--source",
            paramLabel = "FORMAT:FILE",
            required = true,
            description = "auditd:FILE or sysmon-linux:FILE; may be given several times.")
    private List<String> sources = List.of();

    @Option(
            names = "--from-end",
            description =
                    "The first time, begin at the end of the files instead of their beginning.")
    private boolean fromEnd;

    @Option(
            names = "--no-commands",
            description =
                    "Takes no commands: actions on this host go through AWS Systems Manager alone.")
    private boolean noCommands;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public Integer call() throws InterruptedException, IOException {
        List<FollowedSource.Spec> specs = sources.stream().map(FollowedSource.Spec::parse).toList();
        StateFolder folder = state.folder();
        requireOwnDisk(folder);
        Clock clock = Clock.systemUTC();
        // Before there is anything to end: a stop while it starts is orderly too.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try (RunningAgent agent = new RunningAgent(folder, AgentConfig.load(), clock)) {
            if (!noCommands) {
                agent.receiveCommands();
            }
            String bootId = HostFacts.bootId();
            agent.batches().boot(bootId);
            Positions positions = Positions.load(folder.positions());
            List<FollowedSource> followed = new ArrayList<>();
            for (FollowedSource.Spec source : specs) {
                FollowedSource opened = new FollowedSource(source, agent, bootId, clock);
                opened.begin(positions, fromEnd);
                followed.add(opened);
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            "agent %s follows %s%n",
                            agent.identity().agentId(), String.join(", ", sources));
            spec.commandLine().getOut().flush();
            follow(agent, followed, positions);
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /** With the key of another instance this host would report in its name. */
    private static void requireOwnDisk(StateFolder folder) {
        InstanceMetadata metadata = InstanceMetadata.here();
        String here =
                metadata.isOff() ? "" : metadata.instanceId().orElseGet(HostFacts::instanceId);
        Optional<String> before = folder.copiedFrom(here);
        if (before.isPresent()) {
            throw new AgentFailure(
                    AgentFailure.Kind.REFUSED,
                    "this host is %s, its disk was copied from %s: `enroll` with a token and --state %s makes it an agent of its own"
                            .formatted(here, before.get(), folder.path()));
        }
    }

    private void follow(RunningAgent agent, List<FollowedSource> followed, Positions positions)
            throws InterruptedException, IOException {
        long saved = System.nanoTime();
        boolean running = true;
        while (running) {
            boolean read = poll(followed);
            agent.tick();
            if (System.nanoTime() - saved > SAVE_EVERY.toNanos()) {
                save(agent, followed, positions);
                saved = System.nanoTime();
            }
            if (agent.delivery().state().ended()) {
                throw agent.delivery().state().failure().orElseThrow();
            }
            running =
                    read
                            ? stop.getCount() > 0
                            : !stop.await(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        }
        completeOpenEvents(followed);
        for (FollowedSource source : followed) {
            source.finish();
        }
        save(agent, followed, positions);
        for (FollowedSource source : followed) {
            source.close();
        }
    }

    private static boolean poll(List<FollowedSource> followed) {
        boolean read = false;
        for (FollowedSource source : followed) {
            read |= source.poll();
        }
        return read;
    }

    /** A stop between two records of an event would make two events of it. */
    private static void completeOpenEvents(List<FollowedSource> followed) {
        long deadline = System.nanoTime() + LONGEST_EVENT.toNanos();
        while (followed.stream().anyMatch(FollowedSource::isHolding)
                && System.nanoTime() - deadline < 0) {
            if (!poll(followed)) {
                LockSupport.parkNanos(IDLE.toNanos());
            }
        }
    }

    private static void save(
            RunningAgent agent, List<FollowedSource> followed, Positions positions) {
        try {
            agent.batches().flush();
            agent.spool().force();
            followed.forEach(source -> source.savePosition(positions));
            positions.save();
        } catch (IOException e) {
            agent.problems()
                    .say(
                            "positions",
                            "cannot save the positions of the sources ("
                                    + e.getMessage()
                                    + "): free disk space; events may be sent twice after a restart");
        }
    }

    /** In the shutdown hook: the process ends when the hook does. */
    private void stop() {
        stop.countDown();
        try {
            if (!stopped.await(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "yagura-agent: stopping took too long; the spool keeps what is not acknowledged");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
