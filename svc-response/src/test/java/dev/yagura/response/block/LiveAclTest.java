package dev.yagura.response.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.AddressBlock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveAclTest {
    private static final AddressBlock INTRUDER = AddressBlock.parse("203.0.113.66");

    @Test
    void isDeniedByWhatComesBeforeEveryAllow() {
        assertThat(acl(allow(100, "0.0.0.0/0")).denies(false, INTRUDER)).isFalse();
        assertThat(acl(deny(1, "203.0.113.0/24"), allow(100, "0.0.0.0/0")).denies(false, INTRUDER))
                .isTrue();
        assertThat(
                        acl(deny(101, "203.0.113.0/24"), allow(100, "0.0.0.0/0"))
                                .denies(false, INTRUDER))
                .isFalse();
        assertThat(acl(deny(1, "203.0.113.67"), allow(100, "0.0.0.0/0")).denies(false, INTRUDER))
                .isFalse();
        assertThat(
                        acl(allow(1, "203.0.113.64/29"), deny(2, "203.0.113.0/24"))
                                .denies(false, INTRUDER))
                .isFalse();
    }

    @Test
    void isDeniedWhereNothingAllowsIt() {
        LiveAcl acl = acl(allow(100, "10.0.0.0/8"), allow(101, "::/0"));

        assertThat(acl.denies(false, INTRUDER)).isTrue();
        assertThat(acl.denies(true, INTRUDER)).isTrue();
        assertThat(acl.denies(false, AddressBlock.parse("2001:db8::66"))).isFalse();
    }

    @Test
    void takesTheLowestNumberThatIsFreeBeforeAnyPartIsAllowed() {
        LiveAcl acl = acl(deny(1, "192.0.2.1"), deny(2, "2001:db8::1"), allow(4, "203.0.113.66"));

        assertThat(acl.freeNumber(false, AddressBlock.parse("203.0.113.0/24"))).hasValue(3);
        assertThat(acl.freeNumber(true, INTRUDER)).hasValue(1);
        assertThat(acl(allow(1, "0.0.0.0/0")).freeNumber(false, INTRUDER)).isEmpty();
    }

    @Test
    void onlyItsOwnerChangesIt() {
        AclSurvey survey =
                new AclSurvey(
                        acl(allow(100, "0.0.0.0/0")),
                        INTRUDER,
                        List.of(),
                        List.of(),
                        new Reached(0, List.of(), List.of()));
        ActionTarget ofAnother =
                ActionTarget.newBuilder()
                        .setScope(Scope.newBuilder().setAccountId("444455556666"))
                        .build();

        assertThat(AclPreflight.checks(survey, ofAnother))
                .filteredOn(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .singleElement()
                .satisfies(check ->
                        assertThat(check.getDetail())
                                .contains("of account 111122223333, which shares its subnets"));
    }

    @Test
    void aDomainHitsWhatIsBeneathItOrItself() {
        assertThat(DomainName.parse("s3.amazonaws.com").hits("amazonaws.com")).isTrue();
        assertThat(DomainName.parse("amazonaws.com").hits("amazonaws.com")).isTrue();
        assertThat(DomainName.parse("*.example.net").hits("gateway.example.net")).isTrue();
        assertThat(DomainName.parse("example.net").hits("gateway.example.net")).isFalse();
        assertThat(DomainName.parse("*.myamazonaws.com").hits("amazonaws.com")).isFalse();
    }

    private static LiveAcl acl(LiveAcl.Entry... inbound) {
        return new LiveAcl(
                "acl-0123456789abcdef0",
                "vpc-0123456789abcdef0",
                "111122223333",
                Map.of(),
                List.of(),
                List.of(inbound));
    }

    private static LiveAcl.Entry deny(int number, String addresses) {
        return LiveAcl.Entry.deny(number, false, AddressBlock.parse(addresses));
    }

    private static LiveAcl.Entry allow(int number, String addresses) {
        return new LiveAcl.Entry(
                number, false, LiveAcl.ALL, "", true, AddressBlock.parse(addresses));
    }
}
