package dev.yagura.bench.fault;

import dev.yagura.bench.platform.Platform;
import dev.yagura.bench.platform.Service;
import dev.yagura.bench.platform.Signals;
import dev.yagura.bench.platform.Store;
import dev.yagura.bench.platform.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Something that goes wrong on one machine. */
sealed interface Fault {

    /** Does it, and returns when nothing more is done against the platform. */
    void strike(Platform platform) throws IOException, InterruptedException;

    /** SIGKILL of a service. */
    record ServiceKilled(Service service) implements Fault {
        @Override
        public void strike(Platform platform) throws IOException {
            Signals.kill(List.of(platform.pid(service)));
        }
    }

    /** SIGKILL of a store's server: every connection ends at once. */
    record StoreKilled(Store store) implements Fault {
        @Override
        public void strike(Platform platform) throws IOException {
            Signals.kill(platform.pids(store));
        }
    }

    /** SIGKILL of the process that keeps both stores. */
    record StoresKilled() implements Fault {
        @Override
        public void strike(Platform platform) throws IOException {
            Signals.kill(List.of(platform.storesPid()));
        }
    }

    /** A store that takes connections and does not answer for a time. */
    record StoreSilent(Store store, Duration time) implements Fault {
        @Override
        public void strike(Platform platform) throws IOException, InterruptedException {
            List<Long> pids = platform.pids(store);
            Signals.suspend(pids);
            try {
                Waiting.pass(time);
            } finally {
                Signals.resume(pids);
            }
        }
    }

    /** Each kind once. */
    static List<Fault> each() {
        Duration silence = Duration.ofSeconds(8);
        Stream<Fault> kills = Stream.of(Service.values()).map(ServiceKilled::new);
        Stream<Fault> stores =
                Stream.of(
                        new StoreSilent(Store.REDIS, silence),
                        new StoreSilent(Store.POSTGRES, silence),
                        new StoreKilled(Store.REDIS),
                        new StoreKilled(Store.POSTGRES),
                        new StoresKilled());
        return Stream.concat(kills, stores).toList();
    }

    /** Any of them, services more often. */
    static Fault any(RandomGenerator random) {
        if (random.nextInt(4) > 0) {
            Service[] services = Service.values();
            return new ServiceKilled(services[random.nextInt(services.length)]);
        }
        Store store = Store.values()[random.nextInt(Store.values().length)];
        return switch (random.nextInt(3)) {
            case 0 -> new StoreKilled(store);
            case 1 -> new StoresKilled();
            default -> new StoreSilent(store, Duration.ofSeconds(1 + random.nextInt(10)));
        };
    }
}
