package dev.yagura.ingest.log;

import dev.yagura.testkit.RedisFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisEventLogTest extends EventLogContract {
    @RegisterExtension static final RedisFixture REDIS = new RedisFixture();

    private static TestLog first;
    private static TestLog second;

    @BeforeAll
    static void openTwice() throws Exception {
        first = TestLog.open(REDIS.url(), 64);
        second = TestLog.open(REDIS.url(), 64);
    }

    @AfterAll
    static void close() {
        first.close();
        second.close();
    }

    @Override
    EventLog log() {
        return first.log();
    }

    @Override
    EventLog otherProcess() {
        return second.log();
    }
}
