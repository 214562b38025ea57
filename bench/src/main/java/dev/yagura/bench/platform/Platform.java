package dev.yagura.bench.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A platform of its own, started by `./yagura up` on free ports: real processes, real stores, the
 * AWS stand-in. The launcher's supervisor starts a process again that ends by itself; nothing here
 * helps it.
 */
public final class Platform implements AutoCloseable {
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(2);

    private final Launcher launcher;
    private final Path home;
    private final Duration startTime;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(HEALTH_LIMIT).build();

    private Platform(Launcher launcher, Duration startTime) {
        this.launcher = launcher;
        this.home = launcher.options().home();
        this.startTime = startTime;
    }

    /**
     * Starts everything and returns when every service is ready.
     *
     * @throws IOException the launcher failed; the text has what it said
     */
    public static Platform start(Repository repository, PlatformOptions options)
            throws IOException {
        Launcher launcher = new Launcher(repository, options, PortRange.free());
        long begun = System.nanoTime();
        try {
            launcher.up();
        } catch (IOException e) {
            stopAfter(e, launcher);
            throw e;
        }
        return new Platform(launcher, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static void stopAfter(IOException cause, Launcher launcher) {
        try {
            launcher.down();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** How long `./yagura up --detach` took, from its start until everything was ready. */
    public Duration startTime() {
        return startTime;
    }

    /** Of "localhost". */
    public int gatewayPort() {
        return launcher.ports().gateway();
    }

    /** Address of the AWS stand-in. */
    public URI sandbox() {
        return URI.create("http://127.0.0.1:" + launcher.ports().sandbox());
    }

    /** Authority of the gateway's certificate, PEM. */
    public Path authority() {
        return home.resolve("tls/ca.pem");
    }

    /** Bearer token of the administrator that the first start makes. */
    public String adminToken() throws IOException {
        return Files.readString(home.resolve("tokens/admin")).strip();
    }

    /** Address of the event log's Redis, with its password. */
    public URI redis() throws IOException {
        return URI.create(stores().getProperty("redis.url"));
    }

    /** Where a service keeps its tables, as whoever owns them. */
    public Database database(Service service) throws IOException {
        Properties keys = stores();
        String prefix = "yagura." + service.label() + ".database.";
        return new Database(
                service.label(),
                keys.getProperty(prefix + "url"),
                keys.getProperty(prefix + "migration-user"),
                keys.getProperty(prefix + "migration-password"));
    }

    private Properties stores() throws IOException {
        Properties keys = new Properties();
        try (BufferedReader in = Files.newBufferedReader(home.resolve("stores/ready.properties"))) {
            keys.load(in);
        }
        return keys;
    }

    /** Memory of a service in RAM, in bytes. */
    public long residentBytes(Service service) throws IOException {
        return ProcessFacts.sum(List.of(pid(service))).residentBytes();
    }

    /** The logs, for messages. */
    public Path logs() {
        return home.resolve("logs");
    }

    /** Process id that the launcher wrote last. */
    public long pid(Service service) throws IOException {
        return pid(service.label());
    }

    /** Process id of the process that runs both stores. */
    public long storesPid() throws IOException {
        return pid("stores");
    }

    /** What runs now, by the name that people know it by. */
    public Map<String, List<Long>> processes() throws IOException {
        Map<String, List<Long>> all = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            all.put(service.label(), List.of(pid(service)));
        }
        for (Store store : Store.values()) {
            all.put(store.label(), pids(store));
        }
        all.put("stores (starts both)", List.of(storesPid()));
        all.put("sandbox (AWS)", List.of(pid("sandbox")));
        return all;
    }

    private long pid(String name) throws IOException {
        return Long.parseLong(Files.readString(home.resolve("run/" + name + ".pid")).strip());
    }

    /** The processes of a store, oldest first; empty while it is away. */
    public List<Long> pids(Store store) throws IOException {
        List<Long> found = new ArrayList<>();
        for (ProcessHandle process : below(storesPid())) {
            try {
                if (ProcessFacts.programOf(process.pid()).startsWith(store.label())) {
                    found.add(process.pid());
                }
            } catch (IOException e) {
                // It ended while it was looked at: not one of them any more.
            }
        }
        return found;
    }

    private static List<ProcessHandle> below(long pid) {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).sorted().toList();
    }

    /** Whether MicroProfile Health of the service says ready. */
    private boolean isReady(Service service) {
        URI address =
                URI.create(
                        "http://127.0.0.1:%d/health/ready"
                                .formatted(launcher.ports().health(service)));
        HttpRequest request = HttpRequest.newBuilder(address).timeout(HEALTH_LIMIT).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Services that are not ready now. */
    public List<Service> away() {
        return Stream.of(Service.values()).filter(service -> !isReady(service)).toList();
    }

    /** Stops everything; the data stay. */
    @Override
    public void close() throws IOException {
        http.close();
        launcher.down();
    }
}
