package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** No security group of the instance lets everybody to a port by which it is managed. */
final class ManagementPortCheck implements HostCheck {
    static final String REMEDY =
            "reach hosts by Session Manager, or allow the addresses of your own network only";

    @Override
    public String id() {
        return "no-open-management-port";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return facts.isInstance();
    }

    @Override
    public CheckResult of(HostFacts facts) {
        @Nullable Instant read = facts.readings().read(facts.host().scope(), Types.SECURITY_GROUP);
        SortedMap<String, String> open = new TreeMap<>();
        facts.groups()
                .forEach((id, group) ->
                        open(Configurations.of(group)).ifPresent(text -> open.put(id, text)));
        if (!open.isEmpty()) {
            return CheckResult.fail(
                    open.entrySet().stream()
                            .map(each -> each.getKey() + " lets in " + each.getValue())
                            .collect(Collectors.joining("; ")),
                    REMEDY,
                    read);
        }
        return unseen(facts)
                .map(why ->
                        CheckResult.unknown(
                                why,
                                "let AWS Config record "
                                        + Types.SECURITY_GROUP
                                        + "; ./yagura logs inventory",
                                read))
                .orElseGet(() -> CheckResult.pass("no group lets everybody in there", read));
    }

    /** Why its groups are not all known; empty when they are. */
    static Optional<String> unseen(HostFacts facts) {
        List<String> missing =
                facts.description().getNetworkInterfacesList().stream()
                        .flatMap(eni -> eni.getSecurityGroupIdsList().stream())
                        .distinct()
                        .filter(id -> !isKnown(facts, id))
                        .toList();
        return facts.readings()
                .gap(facts.host().scope(), Types.SECURITY_GROUP)
                .or(() ->
                        missing.isEmpty()
                                ? Optional.empty()
                                : Optional.of("not known: " + String.join(", ", missing)));
    }

    private static boolean isKnown(HostFacts facts, String groupId) {
        return Optional.ofNullable(facts.groups().get(groupId))
                .map(Configurations::of)
                .filter(group -> group.has("ipPermissions"))
                .isPresent();
    }

    /** "22 (SSH) from 0.0.0.0/0"; empty when no such port is open. */
    static Optional<String> open(JsonNode group) {
        Map<String, List<String>> sources =
                OpenRule.in(group).stream()
                        .filter(rule -> !rule.managementPorts().isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        OpenRule::managementPorts,
                                        TreeMap::new,
                                        Collectors.mapping(OpenRule::source, Collectors.toList())));
        return sources.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        sources.entrySet().stream()
                                .map(each ->
                                        each.getKey()
                                                + " from "
                                                + String.join(", ", each.getValue()))
                                .collect(Collectors.joining("; ")));
    }
}
