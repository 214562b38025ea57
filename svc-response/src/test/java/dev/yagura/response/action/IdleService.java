package dev.yagura.response.action;

import dev.yagura.common.config.Settings;
import dev.yagura.common.ids.Ids;
import dev.yagura.response.TestService;
import dev.yagura.testkit.PostgresFixture;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * A running service that runs no action by itself, and its own parts: the test says when something
 * happens.
 *
 * @param loop looks for nothing; wakes nobody
 */
record IdleService(
        TestService service,
        ActionStore store,
        Procedures procedures,
        ActionConfig config,
        RunnerLoop loop,
        ActionCatalog catalog) {

    /**
     * Starts it.
     *
     * @param more keys beside those that keep it idle
     */
    static IdleService start(PostgresFixture postgres, Path folder, Map<String, String> more)
            throws Exception {
        Map<String, String> settings = new HashMap<>(TestService.WITHOUT_ROLE);
        // Its own runner looks once, at the start.
        settings.put("yagura.response.action.poll", "PT1H");
        settings.putAll(more);
        TestService service = TestService.start(postgres, folder, settings);
        ActionStore store = CDI.current().select(ActionStore.class).get();
        Procedures procedures = CDI.current().select(Procedures.class).get();
        Settings read = CDI.current().select(Settings.class).get();
        RunnerLoop loop = new RunnerLoop(store, procedures, read, Clock.systemUTC());
        return new IdleService(
                service,
                store,
                procedures,
                ActionConfig.from(read),
                loop,
                new ActionCatalog(
                        store,
                        procedures,
                        loop,
                        read,
                        CDI.current().select(Ids.class).get(),
                        Clock.systemUTC()));
    }
}
