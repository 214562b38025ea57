package dev.yagura.telemetry;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.telemetry").check();
    }
}
