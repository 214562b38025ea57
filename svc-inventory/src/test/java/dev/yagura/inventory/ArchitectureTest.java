package dev.yagura.inventory;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.inventory").check();
    }
}
