package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.proto.type.v1.Scope;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final Scope SHOP = Enrolling.scope("222233334444");
    private static final Scope LABORATORY = Enrolling.scope("333344445555");

    @Test
    void oneAccountTakesNoMoreThanItsPlacesAndAllNoMoreThanThereAre() {
        Lane lane = new Lane(3, 2);
        assertThat(lane.enter(SHOP)).isTrue();
        assertThat(lane.enter(SHOP.toBuilder().setRegion("eu-west-1").build())).isTrue();
        assertThat(lane.enter(SHOP)).isFalse();
        assertThat(lane.isFull()).isFalse();
        assertThat(lane.enter(LABORATORY)).isTrue();
        assertThat(lane.isFull()).isTrue();
        assertThat(lane.enter(LABORATORY)).isFalse();
        lane.leave(SHOP);
        assertThat(lane.enter(LABORATORY)).isTrue();
        lane.leave(LABORATORY);
        assertThat(lane.enter(SHOP)).isTrue();
    }
}
