package dev.yagura.sandbox.front;

import dev.yagura.sandbox.flow.EffectiveRules;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What security groups let every interface send and receive, at one moment. */
public record Exposure(Map<String, EffectiveRules> byInterface) {
    public Exposure {
        byInterface = Map.copyOf(byInterface);
    }

    public static Exposure of(World world) {
        Map<List<String>, EffectiveRules> byGroups = new HashMap<>();
        return new Exposure(
                world.interfaces().all().stream()
                        .collect(
                                Collectors.toMap(
                                        NetworkInterface::id,
                                        eni ->
                                                byGroups.computeIfAbsent(
                                                        eni.groupIds(),
                                                        each -> EffectiveRules.of(world, eni)))));
    }

    /** Sentences for everything that is allowed here and was not there. */
    List<String> beyond(Exposure other) {
        List<String> wider = new ArrayList<>();
        byInterface.forEach((eniId, rules) -> {
            EffectiveRules there = other.byInterface.get(eniId);
            if (there != null && !there.equals(rules)) {
                rules.notCoveredBy(there).stream()
                        .map(rule -> "%s %s (%s)".formatted(eniId, rule, rule.farEnd()))
                        .forEach(wider::add);
            }
        });
        return wider.stream().sorted().toList();
    }
}
