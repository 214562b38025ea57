package dev.yagura.sandbox.resolver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Page;
import java.util.function.BiConsumer;

/** How DNS Firewall writes what it has. */
final class FirewallJson {
    static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    1,
                    100,
                    100,
                    "InvalidNextTokenException",
                    "ValidationException");

    private final Firewall firewall;

    FirewallJson(Firewall firewall) {
        this.firewall = firewall;
    }

    static <T> Body one(String member, T item, BiConsumer<ObjectNode, T> write) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        write.accept(answer.putObject(member), item);
        return new Body.Members(answer);
    }

    static <T> Body page(String member, Page<T> page, BiConsumer<ObjectNode, T> write) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray(member);
        page.items().forEach(item -> write.accept(items.addObject(), item));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    static Body domains(Page<String> page) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode items = answer.putArray("Domains");
        page.items().forEach(items::add);
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    void brief(ObjectNode json, DomainList list) {
        json.put("Id", list.id())
                .put("Arn", firewall.arn("firewall-domain-list", list.id()))
                .put("Name", list.name())
                .put("CreatorRequestId", list.token());
    }

    void list(ObjectNode json, DomainList list) {
        brief(json, list);
        json.put("DomainCount", list.domains().size()).put("Status", list.status(firewall.now()));
    }

    void brief(ObjectNode json, RuleGroup group) {
        json.put("Id", group.id())
                .put("Arn", firewall.arn("firewall-rule-group", group.id()))
                .put("Name", group.name())
                .put("OwnerId", firewall.world().account().id())
                .put("CreatorRequestId", group.token())
                .put("ShareStatus", "NOT_SHARED");
    }

    void group(ObjectNode json, RuleGroup group) {
        brief(json, group);
        json.put("RuleCount", group.rules().size()).put("Status", "COMPLETE");
    }

    static void rule(ObjectNode json, String groupId, RuleGroup.Rule rule) {
        json.put("FirewallRuleGroupId", groupId)
                .put("FirewallDomainListId", rule.listId())
                .put("Name", rule.name())
                .put("Priority", rule.priority())
                .put("Action", rule.action())
                .put("CreatorRequestId", rule.token());
        if (!rule.response().isEmpty()) {
            json.put("BlockResponse", rule.response());
        }
    }

    void association(ObjectNode json, Association each) {
        json.put("Id", each.id())
                .put("Arn", firewall.arn("firewall-rule-group-association", each.id()))
                .put("FirewallRuleGroupId", each.groupId())
                .put("VpcId", each.vpcId())
                .put("Name", each.name())
                .put("Priority", each.priority())
                .put("MutationProtection", "DISABLED")
                .put("Status", each.status(firewall.now()))
                .put("CreatorRequestId", each.token());
    }
}
