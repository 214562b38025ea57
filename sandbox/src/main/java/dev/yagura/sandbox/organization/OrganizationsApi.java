package dev.yagura.sandbox.organization;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Protocol;
import java.util.List;

/** Organizations: DescribeOrganization for every account, ListAccounts for the one that manages. */
public final class OrganizationsApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AWSOrganizationsV20161128";

    private static final int LARGEST_PAGE = 20;
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    1,
                    LARGEST_PAGE,
                    LARGEST_PAGE,
                    "InvalidInputException",
                    "InvalidInputException");

    private final Organization organization;

    private OrganizationsApi(Organization organization) {
        this.organization = organization;
    }

    public static Api of(Organization organization) {
        OrganizationsApi api = new OrganizationsApi(organization);
        return Api.of(
                "organizations",
                Protocol.JSON,
                "",
                TARGET,
                true,
                List.of(
                        Operation.named("DescribeOrganization", api::describe),
                        Operation.named("ListAccounts", api::list)
                                .knows("MaxResults", "NextToken")));
    }

    private Body describe(Call call) {
        requireMember(call);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("Organization")
                .put("Id", organization.id())
                .put("Arn", organization.arn())
                .put("FeatureSet", "ALL")
                .put("MasterAccountArn", organization.accountArn(organization.managementId()))
                .put("MasterAccountId", organization.managementId())
                .put("MasterAccountEmail", email(organization.managementId()));
        return new Body.Members(answer);
    }

    private Body list(Call call) {
        requireMember(call);
        if (!organization.isManagement(call.principal().accountId())) {
            throw ApiFault.of(
                    "AccessDeniedException", "You don't have permissions to access this resource.");
        }
        Page<Member> page =
                Page.of(organization.listed().toList(), Member::id, call.parameters(), PAGES);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("Accounts");
        page.items().forEach(member -> write(list.addObject(), member));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    /** With both words for how it stands: AWS is replacing Status by State. */
    private void write(ObjectNode into, Member member) {
        String state = member.standing() == Standing.SUSPENDED ? "SUSPENDED" : "ACTIVE";
        boolean manages = organization.isManagement(member.id());
        into.put("Id", member.id())
                .put("Arn", organization.accountArn(member.id()))
                .put("Email", email(member.id()))
                .put("Name", member.name())
                .put("Status", state)
                .put("State", state)
                .put("JoinedMethod", manages ? "INVITED" : "CREATED")
                .put("JoinedTimestamp", member.joined().toEpochMilli() / 1000.0);
    }

    private static String email(String accountId) {
        return "aws+%s@example.com".formatted(accountId);
    }

    private void requireMember(Call call) {
        boolean member =
                organization
                        .member(call.principal().accountId())
                        .filter(each -> each.standing().isListed())
                        .isPresent();
        if (!organization.isInUse() || !member) {
            throw ApiFault.of(
                    "AWSOrganizationsNotInUseException",
                    "Your account is not a member of an organization.");
        }
    }
}
