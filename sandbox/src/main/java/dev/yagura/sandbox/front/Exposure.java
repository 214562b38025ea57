package dev.yagura.sandbox.front;

import dev.yagura.sandbox.flow.EffectiveRule;
import dev.yagura.sandbox.flow.EffectiveRules;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What security groups let every interface send and receive, at one moment. */
public record Exposure(Map<String, EffectiveRules> byInterface) {
    public Exposure {
        byInterface = Map.copyOf(byInterface);
    }

    /** Of several worlds, no two of which have an interface of one id. */
    static Exposure of(Collection<World> worlds) {
        Map<String, EffectiveRules> all = new HashMap<>();
        worlds.forEach(world -> all.putAll(of(world).byInterface));
        return new Exposure(all);
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
        Map<Change, List<EffectiveRule>> added = new HashMap<>();
        List<String> wider = new ArrayList<>();
        byInterface.forEach((eniId, rules) -> {
            EffectiveRules there = other.byInterface.get(eniId);
            if (there != null && there != rules) {
                added
                        .computeIfAbsent(
                                new Change(there, rules), each -> rules.notCoveredBy(there))
                        .stream()
                        .map(rule -> "%s %s (%s)".formatted(eniId, rule, rule.farEnd()))
                        .forEach(wider::add);
            }
        });
        return wider.stream().sorted().toList();
    }

    /** By identity: interfaces with the same groups share their rules. */
    private record Change(EffectiveRules from, EffectiveRules to) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Change change && change.from == from && change.to == to;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(from) + System.identityHashCode(to);
        }
    }
}
