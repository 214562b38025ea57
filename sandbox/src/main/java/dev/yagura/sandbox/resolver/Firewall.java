package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.Resource;
import dev.yagura.sandbox.world.Table;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** DNS Firewall of the account, as of now. */
final class Firewall {
    private static final Pattern NAME = Pattern.compile("(?!^[0-9]+$)[a-zA-Z0-9\\-_' ]{1,64}");

    private final World world;
    private final Clock clock;
    private final Table<DomainList> lists = new Table<>();
    private final Table<RuleGroup> groups = new Table<>();
    private final Table<Association> associations = new Table<>();

    Firewall(World world, Clock clock) {
        this.world = world;
        this.clock = clock;
    }

    World world() {
        return world;
    }

    Instant now() {
        return clock.instant();
    }

    /** When a change that begins now is done. */
    Instant done() {
        return clock.instant().plus(world.timing().firewallChange());
    }

    Table<DomainList> lists() {
        forget(lists, list -> list.ending() && !list.changing().isAfter(now()));
        return lists;
    }

    Table<RuleGroup> groups() {
        return groups;
    }

    Table<Association> associations() {
        forget(associations, each -> each.ending() && !each.changing().isAfter(now()));
        return associations;
    }

    DomainList list(Parameters parameters) {
        return found(lists(), parameters.required("FirewallDomainListId"), "firewall domain list");
    }

    RuleGroup group(Parameters parameters) {
        return found(groups, parameters.required("FirewallRuleGroupId"), "firewall rule group");
    }

    static <T extends Resource> T found(Table<T> table, String id, String what) {
        return table.find(id)
                .orElseThrow(() ->
                        ApiFault.of(
                                "ResourceNotFoundException",
                                "[RSLVR-02025] Can't find the %s with ID '%s'.",
                                what,
                                id));
    }

    static String name(Parameters parameters) {
        String name = parameters.required("Name");
        if (!NAME.matcher(name).matches()) {
            throw ApiFault.of("ValidationException", "Name %s is not valid.", name);
        }
        return name;
    }

    static ApiFault conflict(String format, Object... arguments) {
        return ApiFault.of("ConflictException", format, arguments);
    }

    String arn(String kind, String id) {
        return world.account().arn("route53resolver", kind + "/" + id);
    }

    private static <T extends Resource> void forget(Table<T> table, Predicate<T> gone) {
        List.copyOf(table.all()).stream().filter(gone).forEach(each -> table.remove(each.id()));
    }
}
