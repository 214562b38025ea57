package dev.yagura.bench;

import dev.yagura.testkit.YaguraArchitecture;
import org.junit.jupiter.api.Test;

class BenchArchitectureTest {
    @Test
    void keepsTheBoundaries() {
        YaguraArchitecture.of("dev.yagura.bench")
                .withGrpcIn("dev.yagura.bench.client..")
                .withGrpcIn("dev.yagura.bench.demo..")
                .withNeighbour("dev.yagura.sandbox..")
                .withNeighbour("dev.yagura.cli..")
                .check();
    }
}
