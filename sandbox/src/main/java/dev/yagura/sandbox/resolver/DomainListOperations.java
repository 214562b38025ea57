package dev.yagura.sandbox.resolver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Create, Get, List, Update, Delete of lists of domains. */
final class DomainListOperations {
    private static final Pattern DOMAIN = Pattern.compile("\\*?[-a-z0-9.]{1,255}");
    private static final int MOST_A_CALL = 1_000;
    private static final String ID = "FirewallDomainListId";
    private static final String LIST = "FirewallDomainList";

    private final Firewall firewall;
    private final FirewallJson json;

    DomainListOperations(Firewall firewall) {
        this.firewall = firewall;
        this.json = new FirewallJson(firewall);
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateFirewallDomainList", this::create)
                        .needs("CreatorRequestId", "Name"),
                Operation.named("GetFirewallDomainList", this::get).needs(ID),
                Operation.named("ListFirewallDomainLists", this::list)
                        .knows("MaxResults", "NextToken"),
                Operation.named("ListFirewallDomains", this::domains)
                        .needs(ID)
                        .knows("MaxResults", "NextToken"),
                Operation.named("UpdateFirewallDomains", this::update)
                        .needs(ID, "Operation", "Domains"),
                Operation.named("DeleteFirewallDomainList", this::delete).needs(ID));
    }

    /** The same token makes one. */
    private Body create(Call call) {
        String token = call.parameters().required("CreatorRequestId");
        String name = Firewall.name(call.parameters());
        Optional<DomainList> known =
                firewall.lists().all().stream()
                        .filter(each -> each.token().equals(token))
                        .findFirst();
        DomainList list =
                known.orElseGet(() ->
                        new DomainList(
                                firewall.world().ids().next("rslvr-fdl"),
                                name,
                                token,
                                new TreeSet<>(),
                                firewall.now(),
                                false));
        firewall.lists().put(list);
        return FirewallJson.one(LIST, list, json::list);
    }

    private Body get(Call call) {
        return FirewallJson.one(LIST, firewall.list(call.parameters()), json::list);
    }

    private Body list(Call call) {
        Page<DomainList> page =
                Page.of(List.copyOf(firewall.lists().all()), call.parameters(), FirewallJson.PAGES);
        return FirewallJson.page("FirewallDomainLists", page, json::brief);
    }

    private Body domains(Call call) {
        DomainList list = firewall.list(call.parameters());
        return FirewallJson.domains(
                Page.of(
                        List.copyOf(list.domains()),
                        Function.identity(),
                        call.parameters(),
                        FirewallJson.PAGES));
    }

    private Body update(Call call) {
        DomainList list = settled(firewall.list(call.parameters()));
        Set<String> given =
                call.parameters().list("Domains").stream()
                        .map(DomainListOperations::domain)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (call.parameters().list("Domains").size() > MOST_A_CALL) {
            throw ApiFault.of("ValidationException", "At most %d domains.", MOST_A_CALL);
        }
        Set<String> after = new TreeSet<>(list.domains());
        switch (call.parameters().required("Operation")) {
            case "ADD" -> after.addAll(given);
            case "REMOVE" -> after.removeAll(given);
            case "REPLACE" -> {
                after.clear();
                after.addAll(given);
            }
            default -> throw ApiFault.of("ValidationException", "Operation is not valid.");
        }
        DomainList changed = list.with(after, firewall.done());
        firewall.lists().put(changed);
        return new Body.Members(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("Id", changed.id())
                        .put("Name", changed.name())
                        .put("Status", changed.status(firewall.now())));
    }

    private Body delete(Call call) {
        DomainList list = settled(firewall.list(call.parameters()));
        boolean used =
                firewall.groups().all().stream()
                        .flatMap(group -> group.rules().stream())
                        .anyMatch(rule -> rule.listId().equals(list.id()));
        if (used) {
            throw Firewall.conflict("The domain list %s is used by a rule.", list.id());
        }
        DomainList ending = list.ending(firewall.done());
        firewall.lists().put(ending);
        return FirewallJson.one(LIST, ending, json::list);
    }

    private DomainList settled(DomainList list) {
        String status = list.status(firewall.now());
        if (!status.equals("COMPLETE")) {
            throw Firewall.conflict("The domain list %s is %s.", list.id(), status);
        }
        return list;
    }

    private static String domain(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!DOMAIN.matcher(lower).matches()) {
            throw ApiFault.of("ValidationException", "The domain %s is not valid.", text);
        }
        return lower.endsWith(".") ? lower : lower + ".";
    }
}
