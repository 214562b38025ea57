package dev.yagura.bench.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent process of the demo, with its state and log below one folder. */
final class DemoAgent implements AutoCloseable {
    private static final long ENROLL_SECONDS = 60;
    private static final long STOP_SECONDS = 15;

    private final Path folder;
    private final String launcher;
    private final Process process;

    private DemoAgent(Path folder, String launcher) throws IOException, InterruptedException {
        this.folder = folder;
        this.launcher = launcher;
        this.process = start("run", "--source", "auditd:" + log());
    }

    /**
     * Enrols a host and starts its agent.
     *
     * @param launcher path of `yagura`
     * @param options of `agent enroll` besides the state folder
     */
    static DemoAgent enroll(Path folder, String launcher, List<String> options)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("audit.log"), "");
        List<String> command = new ArrayList<>(List.of(launcher, "agent", "enroll"));
        command.addAll(options);
        command.addAll(List.of("--state", folder.resolve("state").toString()));
        Process enrolment =
                builder(command).redirectOutput(folder.resolve("enroll.out").toFile()).start();
        if (!enrolment.waitFor(ENROLL_SECONDS, TimeUnit.SECONDS) || enrolment.exitValue() != 0) {
            enrolment.destroyForcibly();
            throw new StepFailedException(
                    "the agent did not enrol: " + Files.readString(folder.resolve("enroll.out")));
        }
        return new DemoAgent(folder, launcher);
    }

    /** The file that auditd of this host would write. */
    Path log() {
        return folder.resolve("audit.log");
    }

    private Process start(String subcommand, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                launcher,
                                "agent",
                                subcommand,
                                "--state",
                                folder.resolve("state").toString()));
        command.addAll(List.of(options));
        return builder(command).redirectOutput(folder.resolve("agent.out").toFile()).start();
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("YAGURA_SKIP_BUILD", "1");
        // It plays a host of the stand-in, whatever machine this is.
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        return builder;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
