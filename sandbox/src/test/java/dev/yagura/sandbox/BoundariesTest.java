package dev.yagura.sandbox;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class BoundariesTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.sandbox").check();
    }
}
