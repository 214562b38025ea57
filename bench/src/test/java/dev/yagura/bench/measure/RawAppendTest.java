package dev.yagura.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.bench.load.BatchSource;
import dev.yagura.bench.load.Batches;
import dev.yagura.bench.platform.Waiting;
import dev.yagura.testkit.RedisFixture;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class RawAppendTest {
    @RegisterExtension static final RedisFixture REDIS = new RedisFixture();

    private final BatchSource source = new Batches("boot").prepared(4, 0);

    @Test
    void appendsDurablyAndLeavesNothingBehind() throws InterruptedException {
        URI redis = URI.create(REDIS.url());
        try (RawAppend append = RawAppend.start(redis, source, 2, 4)) {
            Waiting.until(() -> "appends", Duration.ofSeconds(20), () -> append.appended() >= 16);
        }
        try (Jedis jedis = new Jedis(redis)) {
            jedis.select(RawAppend.DATABASE);
            assertThat(jedis.keys("bench:*")).isEmpty();
        }
    }
}
