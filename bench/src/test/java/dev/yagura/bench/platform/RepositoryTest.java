package dev.yagura.bench.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepositoryTest {
    @Test
    void findsTheWorkingTreeOfTheseClasses() {
        assertThat(Repository.locate().launcher()).isExecutable();
        assertThat(Repository.locate().root().resolve("bench/pom.xml")).exists();
    }
}
