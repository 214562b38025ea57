package dev.yagura.gateway;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.gateway")
                .withGrpcIn("dev.yagura.gateway.proxy..")
                .withGrpcIn("dev.yagura.gateway.rest..")
                .check();
    }
}
