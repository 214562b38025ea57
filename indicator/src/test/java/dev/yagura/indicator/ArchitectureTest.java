package dev.yagura.indicator;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.indicator").check();
    }
}
