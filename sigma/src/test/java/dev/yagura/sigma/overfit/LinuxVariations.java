package dev.yagura.sigma.overfit;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What somebody else would have typed on Linux. */
final class LinuxVariations {
    /** A copy of it has no right to another user. */
    private static final Set<String> FIXED = Set.of("sudo", "cron", "su");

    private static final List<String> NAMES =
            List.of("kworkerd", "dbus-helper", "x", "update", "svc");

    /** Where the account of a web service may write. */
    private static final List<String> FOLDERS =
            List.of(
                    "/tmp",
                    "/var/tmp/.cache",
                    "/dev/shm",
                    "/run/lock",
                    "/var/www/html/uploads",
                    "/var/lib/php/sessions");

    private static final List<String> ADDRESSES =
            List.of("2852039166", "0xa9fea9fe", "[fd00:ec2::254]", "instance-data.ec2.internal");

    private LinuxVariations() {}

    static List<Variation> all() {
        return List.of(
                text("quotes within words", ShellText::quotesInWords),
                text("backslashes within words", ShellText::backslashesInWords),
                text("$IFS for blanks", ShellText::separatorForBlanks),
                text("program names from variables", ShellText::namesFromVariables),
                text("base64 into a shell", ShellText::base64),
                of("another shell", LinuxVariations::anotherShell),
                of("copies of programs under other names", LinuxVariations::renamed),
                of("copies of programs in other folders", LinuxVariations::elsewhere),
                of("arguments in another order", ArgumentOrder::shuffled),
                of("long and joined options", LinuxVariations::options),
                of("other programs for the same", OtherTools::instead),
                of("the address written otherwise", LinuxVariations::address),
                of("letters in another case", LinuxVariations::letterCase),
                new Files());
    }

    private record Simple(String name, BiFunction<Command, SplittableRandom, Command> change)
            implements Variation {
        @Override
        public Set<String> systems() {
            return Set.of("linux");
        }

        @Override
        public Choice choose(SplittableRandom random) {
            return Choice.ofCommand(command -> change.apply(command, random.split()));
        }
    }

    private static Variation of(
            String name, BiFunction<Command, SplittableRandom, Command> change) {
        return new Simple(name, change);
    }

    private static Variation text(
            String name, BiFunction<String, SplittableRandom, String> change) {
        return of(name, (command, random) -> command.withText(text -> change.apply(text, random)));
    }

    static Command anotherShell(Command command, SplittableRandom random) {
        int option = command.args().indexOf("-c");
        if (!command.isShell() || option != 1) {
            return command;
        }
        List<String> rest = command.args().subList(2, command.args().size());
        return switch (random.nextInt(4)) {
            case 0 -> shell("/usr/bin/bash", List.of("bash", "-c"), rest);
            case 1 -> shell("/usr/bin/busybox", List.of("busybox", "sh", "-c"), rest);
            case 2 -> shell("/usr/bin/dash", List.of("sh", "-ec"), rest);
            default -> shell("/usr/bin/zsh", List.of("/usr/bin/zsh", "-c"), rest);
        };
    }

    private static Command shell(String path, List<String> start, List<String> rest) {
        return new Command(path, Stream.concat(start.stream(), rest.stream()).toList());
    }

    /** A copy of the program under another name, where the intruder may write. */
    static Command renamed(Command command, SplittableRandom random) {
        return copied(command, NAMES.get(random.nextInt(NAMES.size())), random);
    }

    /** A copy of the program under its own name, where the intruder may write. */
    static Command elsewhere(Command command, SplittableRandom random) {
        return copied(command, command.name(), random);
    }

    /** Shells are left: the service, cron and the payload's first line say which one runs. */
    private static Command copied(Command command, String name, SplittableRandom random) {
        if (FIXED.contains(command.name()) || command.isShell()) {
            return command;
        }
        String path = FOLDERS.get(random.nextInt(FOLDERS.size())) + "/" + name;
        return new Command(path, command.args()).withArg(0, path);
    }

    private static final Map<String, List<String>> OPTIONS =
            Map.ofEntries(
                    Map.entry("curl -s", List.of("--silent", "-sS", "-fsSL")),
                    Map.entry("curl -o", List.of("--output")),
                    Map.entry("curl -X", List.of("--request")),
                    Map.entry("curl -H", List.of("--header")),
                    Map.entry("curl --data-binary", List.of("--data", "-d", "--data-raw")),
                    Map.entry("sudo -n", List.of("--non-interactive")),
                    Map.entry("sudo -l", List.of("--list", "-ll")),
                    Map.entry("uname -a", List.of("--all", "-srvmo")),
                    Map.entry("rm -f", List.of("--force", "-rf", "-fv")),
                    Map.entry("chmod +x", List.of("755", "u+x", "a+rx", "0700", "u=rwx")));

    static Command options(Command command, SplittableRandom random) {
        return command.withArgs(arg -> {
            List<String> others = OPTIONS.get(command.name() + " " + arg);
            return others == null ? arg : others.get(random.nextInt(others.size()));
        });
    }

    static Command address(Command command, SplittableRandom random) {
        String other = ADDRESSES.get(random.nextInt(ADDRESSES.size()));
        return command.withArgs(arg -> arg.replace("169.254.169.254", other));
    }

    static Command letterCase(Command command, SplittableRandom random) {
        return command.withArgs(arg -> {
            String changed = arg.replace("http://", random.nextBoolean() ? "HTTP://" : "Http://");
            return changed.startsWith("X-aws-") ? changed.toUpperCase(Locale.ROOT) : changed;
        });
    }

    /** The intruder's files have other names and lie elsewhere. */
    private record Files() implements Variation {
        private static final List<String> PAYLOADS =
                List.of(
                        "/tmp/.font-cache/fc",
                        "/tmp/kworkerd",
                        "/var/tmp/.X11-unix0",
                        "/dev/shm/upd",
                        "/tmp/systemd-private-7d/x",
                        "/run/user/33/.cache/d");
        private static final List<String> LOOT =
                List.of("/tmp/.c1", "/tmp/out.json", "/var/tmp/sess_1", "/dev/shm/x.txt");
        private static final List<String> SCHEDULES =
                List.of(
                        "/etc/cron.d/php-clean",
                        "/etc/cron.hourly/clean",
                        "/var/spool/cron/crontabs/root",
                        "/etc/cron.d/.placeholder2");

        @Override
        public String name() {
            return "other files and folders";
        }

        @Override
        public Set<String> systems() {
            return Set.of("linux");
        }

        @Override
        public Choice choose(SplittableRandom random) {
            String payload = pick(PAYLOADS, random);
            String copy = pick(PAYLOADS, random);
            String loot = pick(LOOT, random);
            String schedule = pick(SCHEDULES, random);
            UnaryOperator<String> files =
                    text ->
                            text.replace("/var/tmp/.sysupd", copy)
                                    .replace("/tmp/.sysupd", payload)
                                    .replace("/dev/shm/.c", loot)
                                    .replace("/etc/cron.d/sysupd", schedule);
            return new Choice(
                    command ->
                            new Command(files.apply(command.path()), command.args())
                                    .withArgs(files),
                    files);
        }

        private static String pick(List<String> all, SplittableRandom random) {
            return all.get(random.nextInt(all.size()));
        }
    }
}
