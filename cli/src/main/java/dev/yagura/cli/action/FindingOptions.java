package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FileLineTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import java.util.List;
import picocli.CommandLine.Option;

/** What eradicate removes. */
final class FindingOptions {
    @Option(
            names = "--remove-process",
            paramLabel = "PID@START",
            description = "Killed; the start as for --start-time.")
    private List<String> processes = List.of();

    @Option(
            names = "--remove-file",
            paramLabel = "SHA256:PATH",
            description = "Moved into the quarantine.")
    private List<String> files = List.of();

    @Option(
            names = "--remove-line",
            paramLabel = "PATH:LINE",
            description =
                    "Taken out of its file, wherever the file has it as a whole: a cron entry, a"
                            + " key of authorized_keys.")
    private List<String> lines = List.of();

    @Option(
            names = "--remove-unit",
            paramLabel = "UNIT",
            description = "systemd unit: stopped, disabled, its file moved into the quarantine.")
    private List<String> units = List.of();

    @Option(
            names = "--lock-user",
            paramLabel = "NAME",
            description = "Local account: locked and expired.")
    private List<String> users = List.of();

    EradicationTarget target() {
        EradicationTarget.Builder target = EradicationTarget.newBuilder();
        for (String each : processes) {
            String[] parts = parts("--remove-process", each, "@", "4242@2026-03-01T02:14:07.120Z");
            target.addProcesses(
                    ProcessTarget.newBuilder()
                            .setPid(pid(parts[0]))
                            .setStartTimeNs(TargetOptions.nanos(parts[1])));
        }
        for (String each : files) {
            String[] parts = parts("--remove-file", each, ":", "9f86d0…:/tmp/.x/miner");
            target.addFiles(FileTarget.newBuilder().setSha256(parts[0]).setPath(parts[1]));
        }
        for (String each : lines) {
            String[] parts = parts("--remove-line", each, ":", "/etc/cron.d/x:* * * * * root /x");
            target.addLines(FileLineTarget.newBuilder().setPath(parts[0]).setLine(parts[1]));
        }
        return target.addAllUnits(units).addAllUsers(users).build();
    }

    private static String[] parts(String option, String text, String separator, String sample) {
        String[] parts = text.split(separator, 2);
        if (parts.length < 2) {
            throw new UsageException(option + ": give one like " + sample);
        }
        return parts;
    }

    private static int pid(String text) {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new UsageException("--remove-process: " + text + " is no pid");
        }
    }
}
