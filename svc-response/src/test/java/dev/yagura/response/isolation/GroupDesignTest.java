package dev.yagura.response.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.response.aws.AddressBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GroupDesignTest {
    private static final GroupRule SSM = rule("10.20.1.200/32", 443);
    private static final GroupRule GATEWAY = rule("10.20.1.40/32", 8443);
    private static final GroupRule ANYWHERE =
            new GroupRule(true, "-1", -1, -1, new GroupRule.Peer.Block(AddressBlock.parse("::/0")));
    private static final GroupRule ITSELF =
            new GroupRule(false, "-1", -1, -1, new GroupRule.Peer.Members("sg-1"));

    /** The host may reach SSM now, and the gateway not. */
    private static final ControlPath PATH =
            new ControlPath(
                    List.of(new ControlPath.Way("ssm", SSM)),
                    List.of(new ControlPath.Way("gateway", GATEWAY)),
                    List.of());

    @Test
    void newGroupGetsOnlyWhatTheHostCouldReach() {
        GroupDesign design = GroupDesign.of(Optional.empty(), () -> false, PATH);
        assertThat(design.add()).containsExactly(SSM);
        assertThat(design.isBuilt()).isFalse();
    }

    @Test
    void unusedGroupLosesEverythingElse() {
        GroupDesign design =
                GroupDesign.of(group(List.of(SSM, GATEWAY, ANYWHERE, ITSELF)), () -> false, PATH);
        assertThat(design.remove()).containsExactly(GATEWAY, ANYWHERE, ITSELF);
        assertThat(design.add()).isEmpty();
        assertThat(design.refusal()).isEmpty();
    }

    @Test
    void groupOfOthersIsClosedButNeverOpened() {
        GroupDesign design = GroupDesign.of(group(List.of(ANYWHERE)), () -> true, PATH);
        assertThat(design.remove()).containsExactly(ANYWHERE);
        assertThat(design.add()).isEmpty();
        assertThat(design.notes()).singleElement().asString().contains("10.20.1.200/32");
    }

    @Test
    void refusesAGroupOfOthersThatAllowsMore() {
        GroupDesign design = GroupDesign.of(group(List.of(SSM, GATEWAY)), () -> true, PATH);
        assertThat(design.refusal())
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("out tcp 8443 10.20.1.40/32"));
    }

    @Test
    void refusesAGroupThatSomebodyElseMade() {
        CloudReader.LiveGroup foreign =
                new CloudReader.LiveGroup(
                        "sg-1", "yagura-isolation-vpc-1", "vpc-1", Map.of(), List.of());
        assertThat(GroupDesign.of(Optional.of(foreign), () -> false, PATH).refusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("yagura:managed"));
    }

    private static GroupRule rule(String block, int port) {
        return GroupRule.tcpTo(AddressBlock.parse(block), port);
    }

    private static Optional<CloudReader.LiveGroup> group(List<GroupRule> rules) {
        return Optional.of(
                new CloudReader.LiveGroup(
                        "sg-1",
                        "yagura-isolation-vpc-1",
                        "vpc-1",
                        Map.of(Change.TAG, Change.TAG_VALUE),
                        rules));
    }
}
