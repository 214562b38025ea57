package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Create, List, Delete of rule groups and their rules. */
final class RuleGroupOperations {
    private static final Set<String> ACTIONS = Set.of("ALLOW", "BLOCK", "ALERT");

    /** OVERRIDE needs what the sandbox does not know. */
    private static final Set<String> RESPONSES = Set.of("NODATA", "NXDOMAIN");

    private static final String ID = "FirewallRuleGroupId";
    private static final String LIST = "FirewallDomainListId";
    private static final String TOKEN = "CreatorRequestId";
    private static final String GROUP = "FirewallRuleGroup";
    private static final String RULE = "FirewallRule";

    private final Firewall firewall;
    private final FirewallJson json;

    RuleGroupOperations(Firewall firewall) {
        this.firewall = firewall;
        this.json = new FirewallJson(firewall);
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateFirewallRuleGroup", this::create).needs(TOKEN, "Name"),
                Operation.named("ListFirewallRuleGroups", this::list)
                        .knows("MaxResults", "NextToken"),
                Operation.named("DeleteFirewallRuleGroup", this::delete).needs(ID),
                Operation.named("CreateFirewallRule", this::createRule)
                        .needs(TOKEN, ID, LIST, "Priority", "Action", "Name")
                        .knows("BlockResponse"),
                Operation.named("UpdateFirewallRule", this::updateRule)
                        .needs(ID, LIST)
                        .knows("Action", "BlockResponse"),
                Operation.named("ListFirewallRules", this::listRules)
                        .needs(ID)
                        .knows("MaxResults", "NextToken"),
                Operation.named("DeleteFirewallRule", this::deleteRule).needs(ID, LIST));
    }

    /** The same token makes one. */
    private Body create(Call call) {
        String token = call.parameters().required(TOKEN);
        String name = Firewall.name(call.parameters());
        Optional<RuleGroup> known =
                firewall.groups().all().stream()
                        .filter(each -> each.token().equals(token))
                        .findFirst();
        RuleGroup group =
                known.orElseGet(() ->
                        new RuleGroup(
                                firewall.world().ids().next("rslvr-frg"), name, token, List.of()));
        firewall.groups().put(group);
        return FirewallJson.one(GROUP, group, json::group);
    }

    private Body list(Call call) {
        Page<RuleGroup> page =
                Page.of(
                        List.copyOf(firewall.groups().all()),
                        call.parameters(),
                        FirewallJson.PAGES);
        return FirewallJson.page("FirewallRuleGroups", page, json::brief);
    }

    private Body delete(Call call) {
        RuleGroup group = firewall.group(call.parameters());
        boolean associated =
                firewall.associations().all().stream()
                        .anyMatch(each -> each.groupId().equals(group.id()));
        if (associated || !group.rules().isEmpty()) {
            throw Firewall.conflict(
                    "The rule group %s has rules, or is associated with a VPC.", group.id());
        }
        firewall.groups().remove(group.id());
        return FirewallJson.one(GROUP, group, json::group);
    }

    private Body createRule(Call call) {
        Parameters parameters = call.parameters();
        RuleGroup group = firewall.group(parameters);
        String listId = firewall.list(parameters).id();
        RuleGroup.Rule rule =
                checked(
                        new RuleGroup.Rule(
                                listId,
                                Firewall.name(parameters),
                                parameters.integer("Priority").orElse(0),
                                parameters.required("Action"),
                                parameters.text("BlockResponse").orElse(""),
                                parameters.required(TOKEN)));
        if (group.rules().contains(rule)) {
            return written(group, rule);
        }
        if (group.rules().stream()
                .anyMatch(each ->
                        each.listId().equals(listId) || each.priority() == rule.priority())) {
            throw Firewall.conflict(
                    "A rule of %s has the domain list or the priority.", group.id());
        }
        List<RuleGroup.Rule> after = new ArrayList<>(group.rules());
        after.add(rule);
        firewall.groups().put(group.withRules(after));
        return written(group, rule);
    }

    private Body updateRule(Call call) {
        RuleGroup group = firewall.group(call.parameters());
        RuleGroup.Rule rule = rule(group, call.parameters());
        RuleGroup.Rule changed =
                checked(
                        new RuleGroup.Rule(
                                rule.listId(),
                                rule.name(),
                                rule.priority(),
                                call.parameters().text("Action").orElse(rule.action()),
                                call.parameters().text("BlockResponse").orElse(""),
                                rule.token()));
        List<RuleGroup.Rule> after = new ArrayList<>(group.rules());
        after.set(after.indexOf(rule), changed);
        firewall.groups().put(group.withRules(after));
        return written(group, changed);
    }

    private Body listRules(Call call) {
        RuleGroup group = firewall.group(call.parameters());
        Page<RuleGroup.Rule> page =
                Page.of(
                        group.rules(),
                        RuleGroup.Rule::listId,
                        call.parameters(),
                        FirewallJson.PAGES);
        return FirewallJson.page(
                "FirewallRules", page, (item, rule) -> FirewallJson.rule(item, group.id(), rule));
    }

    private Body deleteRule(Call call) {
        RuleGroup group = firewall.group(call.parameters());
        RuleGroup.Rule rule = rule(group, call.parameters());
        firewall.groups()
                .put(
                        group.withRules(
                                group.rules().stream()
                                        .filter(Predicate.not(rule::equals))
                                        .toList()));
        return written(group, rule);
    }

    private static RuleGroup.Rule rule(RuleGroup group, Parameters parameters) {
        String listId = parameters.required(LIST);
        return group.rules().stream()
                .filter(each -> each.listId().equals(listId))
                .findFirst()
                .orElseThrow(() ->
                        ApiFault.of(
                                "ResourceNotFoundException",
                                "%s has no rule for %s.",
                                group.id(),
                                listId));
    }

    private static RuleGroup.Rule checked(RuleGroup.Rule rule) {
        boolean blocks = rule.action().equals("BLOCK");
        if (!ACTIONS.contains(rule.action())
                || blocks != RESPONSES.contains(rule.response())
                || blocks == rule.response().isEmpty()) {
            throw ApiFault.of("ValidationException", "Action or BlockResponse is not valid.");
        }
        return rule;
    }

    private static Body written(RuleGroup group, RuleGroup.Rule rule) {
        return FirewallJson.one(
                RULE, rule, (item, each) -> FirewallJson.rule(item, group.id(), each));
    }
}
