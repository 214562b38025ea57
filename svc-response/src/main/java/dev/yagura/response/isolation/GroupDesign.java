package dev.yagura.response.isolation;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * What the isolation group of a VPC must become before an instance gets it, so that nothing is
 * allowed that was not allowed before: not to this instance, and not to others that have the group.
 *
 * @param existing the group; empty when it must be made
 * @param remove rules that somebody else put in, or that this instance may not have
 * @param add control-path rules that are missing
 * @param refusal why the group cannot be used
 * @param notes control paths that stay closed although the host had them
 */
record GroupDesign(
        Optional<CloudReader.LiveGroup> existing,
        List<GroupRule> remove,
        List<GroupRule> add,
        Optional<String> refusal,
        List<String> notes) {

    /** True when the group is as it must be. */
    boolean isBuilt() {
        return existing.isPresent() && remove.isEmpty() && add.isEmpty();
    }

    /**
     * Decides.
     *
     * @param usedByOthers whether interfaces of other instances have the group; asked only where
     *     the group is not as it must be for this instance
     */
    static GroupDesign of(
            Optional<CloudReader.LiveGroup> existing,
            BooleanSupplier usedByOthers,
            ControlPath path) {
        if (existing.isEmpty()) {
            return new GroupDesign(
                    existing, List.of(), path.keptRules(), Optional.empty(), List.of());
        }
        CloudReader.LiveGroup group = existing.get();
        if (!Change.TAG_VALUE.equals(group.tags().get(Change.TAG))) {
            return new GroupDesign(
                    existing,
                    List.of(),
                    List.of(),
                    Optional.of(
                            "%s is named %s but does not have the tag %s=%s: somebody else made it"
                                    .formatted(
                                            group.id(),
                                            group.name(),
                                            Change.TAG,
                                            Change.TAG_VALUE)),
                    List.of());
        }
        List<GroupRule> missing =
                path.keptRules().stream().filter(rule -> !group.rules().contains(rule)).toList();
        List<GroupRule> more =
                group.rules().stream().filter(rule -> !path.keptRules().contains(rule)).toList();
        boolean asWanted = missing.isEmpty() && more.isEmpty();
        return !asWanted && usedByOthers.getAsBoolean()
                ? shared(group, missing, path)
                : new GroupDesign(existing, more, missing, Optional.empty(), List.of());
    }

    /** Others have it: what they may have had before is unknown, so nothing is added. */
    private static GroupDesign shared(
            CloudReader.LiveGroup group, List<GroupRule> missing, ControlPath path) {
        List<GroupRule> foreign = group.rules().stream().filter(rule -> !path.knows(rule)).toList();
        List<GroupRule> widening =
                group.rules().stream()
                        .filter(path::knows)
                        .filter(rule -> !path.keptRules().contains(rule))
                        .toList();
        Optional<String> refusal =
                widening.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                "%s, which other isolated instances have, allows %s, which this"
                                                .formatted(group.id(), text(widening))
                                        + " instance may not reach now");
        List<String> notes =
                missing.isEmpty()
                        ? List.of()
                        : List.of(
                                text(missing)
                                        + " stays closed: other isolated instances have "
                                        + group.id()
                                        + " and may not have had it");
        return new GroupDesign(Optional.of(group), foreign, List.of(), refusal, notes);
    }

    private static String text(List<GroupRule> rules) {
        return rules.stream().map(GroupRule::toString).collect(Collectors.joining(", "));
    }
}
