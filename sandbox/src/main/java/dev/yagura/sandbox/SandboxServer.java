package dev.yagura.sandbox;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.yagura.sandbox.control.ControlApi;
import dev.yagura.sandbox.front.AwsFront;
import dev.yagura.sandbox.front.KubernetesFront;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.kubernetes.Clusters;
import dev.yagura.sandbox.kubernetes.Rbac;
import dev.yagura.sandbox.seed.DocumentFolder;
import dev.yagura.sandbox.seed.Seed;
import dev.yagura.sandbox.shell.Scripts;
import dev.yagura.sandbox.world.Account;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox as a server: AWS requests at {@code /}, the control API at {@code /_sandbox/}, and on
 * another port, with TLS, the Kubernetes APIs of clusters. Each request runs on a virtual thread of
 * its own; the cloud behind it is locked, one call at a time.
 */
public final class SandboxServer implements AutoCloseable {
    private static final int STOP_AFTER_SECONDS = 0;
    private static final int BACKLOG = 256;
    private static final String LOGGING = "logback.configurationFile";

    private final HttpServer server;
    private final HttpsServer clusters;
    private final ExecutorService threads;
    private final @Nullable Scripts scripts;
    private final Account account;

    private SandboxServer(
            HttpServer server,
            HttpsServer clusters,
            ExecutorService threads,
            @Nullable Scripts scripts,
            Account account) {
        this.server = server;
        this.clusters = clusters;
        this.threads = threads;
        this.scripts = scripts;
        this.account = account;
    }

    /**
     * Starts serving.
     *
     * @param wall real time: signatures are checked against it, simulated time starts from it
     * @throws IOException if the port is taken or the seed or a document cannot be read
     * @throws IllegalArgumentException if the seed or a document is none, or if scripts cannot run
     *     on this machine
     */
    public static SandboxServer start(SandboxOptions options, Clock wall) throws IOException {
        // Without this the JDK's server leaves Nagle's algorithm on and small answers wait 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Seed seed = options.seed().isPresent() ? Seed.read(options.seed().get()) : Seed.standard();
        DocumentFolder documents =
                options.documents().isPresent()
                        ? DocumentFolder.read(options.documents().get())
                        : DocumentFolder.EMPTY;
        Scripts scripts = options.runScripts() ? Scripts.onThisMachine() : null;
        try {
            return serve(options, new Sandbox(seed, documents, scripts, wall), scripts, wall);
        } catch (IOException | RuntimeException e) {
            if (scripts != null) {
                scripts.close();
            }
            throw e;
        }
    }

    private static SandboxServer serve(
            SandboxOptions options, Sandbox sandbox, @Nullable Scripts scripts, Clock wall)
            throws IOException {
        HttpServer server = HttpServer.create();
        server.bind(new InetSocketAddress(options.address(), options.port()), BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", new AwsHandler(new AwsFront(sandbox)::answer));
        server.createContext(ControlHandler.PATH, new ControlHandler(new ControlApi(sandbox)));
        HttpsServer clusters = serveClusters(options, sandbox, threads, wall);
        server.start();
        return new SandboxServer(
                server,
                clusters,
                threads,
                scripts,
                sandbox.within(cloud -> cloud.world().account()));
    }

    /** The Kubernetes APIs of all clusters, on a port of their own. */
    private static HttpsServer serveClusters(
            SandboxOptions options, Sandbox sandbox, ExecutorService threads, Clock wall)
            throws IOException {
        Rbac rbac =
                options.clusterRole().isPresent()
                        ? Rbac.read(options.clusterRole().get())
                        : Rbac.NONE;
        SelfSigned identity = SelfSigned.of(options.address(), wall.instant());
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(options.address(), 0), BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        server.setExecutor(threads);
        server.createContext("/", new AwsHandler(new KubernetesFront(sandbox)::answer));
        server.start();
        sandbox.serveClusters(
                new Clusters.Server(
                        URI.create("https://" + literal(server.getAddress())),
                        identity.authority(),
                        rbac));
        return server;
    }

    private static String literal(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** Where AWS clients point their endpoint override. */
    public URI endpoint() {
        return URI.create("http://" + literal(server.getAddress()));
    }

    @Override
    public void close() {
        server.stop(STOP_AFTER_SECONDS);
        clusters.stop(STOP_AFTER_SECONDS);
        threads.shutdownNow();
        if (scripts != null) {
            scripts.close();
        }
    }

    public static void main(String[] arguments) {
        // As a program of its own it logs by its own rules; inside tests theirs apply.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "dev/yagura/sandbox/logback.xml");
        }
        try {
            SandboxOptions options = SandboxOptions.parse(List.of(arguments), System.getenv());
            SandboxServer server = start(options, Clock.systemUTC());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            if (options.runScripts()) {
                System.out.println("sandbox: scripts of commands may run on this machine");
            }
            System.out.printf(
                    "sandbox: stands in for AWS on loopback only, never for production%n"
                            + "sandbox: ready at %s (account %s, %s)%n",
                    server.endpoint(), server.account.id(), server.account.region());
        } catch (BindException e) {
            fail(1, "the port is taken: choose another with --port");
        } catch (IllegalArgumentException e) {
            fail(2, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            fail(1, "cannot start: " + e);
        }
    }

    private static void fail(int status, String text) {
        System.err.println("sandbox: " + text);
        System.exit(status);
    }
}
