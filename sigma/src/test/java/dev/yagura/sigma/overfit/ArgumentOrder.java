package dev.yagura.sigma.overfit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/** The same arguments in another order, where the program does not mind. */
final class ArgumentOrder {
    private static final Set<String> WITH_VALUE = Set.of("-o", "-X", "-H", "--data-binary", "-T");
    private static final Set<String> ANY_ORDER = Set.of("curl", "wget", "rm");

    private ArgumentOrder() {}

    static Command shuffled(Command command, SplittableRandom random) {
        boolean list = command.name().equals("sudo") && command.args().contains("-l");
        if (!ANY_ORDER.contains(command.name()) && !list) {
            return command;
        }
        List<List<String>> groups = new ArrayList<>();
        List<String> args = command.args();
        for (int i = 1; i < args.size(); i++) {
            boolean value = WITH_VALUE.contains(args.get(i)) && i + 1 < args.size();
            groups.add(value ? List.of(args.get(i), args.get(i + 1)) : List.of(args.get(i)));
            i += value ? 1 : 0;
        }
        Collections.shuffle(groups, new Random(random.nextLong()));
        List<String> out = new ArrayList<>(List.of(args.getFirst()));
        groups.forEach(out::addAll);
        return new Command(command.path(), out);
    }
}
