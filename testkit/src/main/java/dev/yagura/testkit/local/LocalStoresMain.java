package dev.yagura.testkit.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs the stores until SIGTERM or SIGINT:
 *
 * <pre>
 * --folder .yagura/stores --postgres-port 15432 --redis-port 16379 --redis-max-memory 512mb
 * --services ingest,detection,response,inventory,gateway
 * </pre>
 *
 * <p>Prints "stores ready: …" when both serve. Ends with 1 when they cannot start and with 2 for
 * wrong options, each with one line on standard error; with 3 when a store ends by itself.
 */
public final class LocalStoresMain {
    private static final long LOOK_MILLIS = 500;

    private LocalStoresMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalStores.Options options;
        try {
            options = options(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("stores: " + e.getMessage());
            System.exit(2);
            return;
        }
        try {
            run(LocalStores.start(options), options);
        } catch (IOException e) {
            System.err.println("stores: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(LocalStores stores, LocalStores.Options options)
            throws InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stores, stopping)));
        System.out.printf(
                "stores ready: PostgreSQL on 127.0.0.1:%d, Redis on 127.0.0.1:%d, keys in %s%n",
                options.postgresPort(),
                options.redisPort(),
                options.folder().resolve(LocalStores.READY_FILE));
        while (!stopping.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (!stores.isAlive()) {
                System.err.println(
                        "stores: PostgreSQL or Redis ended by itself; see the logs in "
                                + options.folder());
                System.exit(3);
            }
        }
    }

    private static void stop(LocalStores stores, CountDownLatch stopping) {
        stopping.countDown();
        try {
            stores.close();
        } catch (IOException e) {
            System.err.println("stores: " + e.getMessage());
        }
    }

    private static LocalStores.Options options(String[] arguments) {
        Map<String, String> given = new HashMap<>();
        for (int index = 0; index + 1 < arguments.length; index += 2) {
            given.put(arguments[index], arguments[index + 1]);
        }
        LocalStores.Options options =
                new LocalStores.Options(
                        Path.of(take(given, "--folder")),
                        Integer.parseInt(take(given, "--postgres-port")),
                        Integer.parseInt(take(given, "--redis-port")),
                        take(given, "--redis-max-memory"),
                        List.of(take(given, "--services").split(",")));
        if (!given.isEmpty() || arguments.length % 2 != 0) {
            throw new IllegalArgumentException("unknown or incomplete options " + given.keySet());
        }
        return options;
    }

    private static String take(Map<String, String> given, String option) {
        String value = given.remove(option);
        if (value == null) {
            throw new IllegalArgumentException(option + " is required");
        }
        return value;
    }
}
