package dev.yagura.testkit.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The AWS API of moto (https://docs.getmoto.org) as a child process, on loopback. */
public final class MotoServer implements AutoCloseable {
    private static final String REQUIREMENT = "moto[server,ec2,sts,iam,ssm]==5.2.*";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final ChildProcess process;
    private final URI address;

    private MotoServer(ChildProcess process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts an installed server, or one installed by pip into a Python environment of its own.
     *
     * @param folder for "moto.log"
     * @throws IOException with what to install when neither works
     */
    public static MotoServer start(Path folder, int port) throws IOException {
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("-H", "127.0.0.1", "-p", Integer.toString(port)));
        URI address = URI.create("http://127.0.0.1:" + port);
        ChildProcess process =
                ChildProcess.start("moto", command, "TERM", folder.resolve("moto.log"));
        try (HttpClient client = HttpClient.newHttpClient()) {
            process.awaitReady(() -> answers(client, address), START_LIMIT);
        }
        return new MotoServer(process, address);
    }

    /** "http://127.0.0.1:{port}" */
    public URI address() {
        return address;
    }

    @Override
    public void close() {
        process.close();
    }

    private static List<String> program() throws IOException {
        Optional<Path> installed = Commands.onPath("moto_server");
        return installed.isPresent()
                ? List.of(installed.get().toString())
                : List.of(environment().resolve("bin/python").toString(), "-m", "moto.server");
    }

    /** Run as a module: the environment is moved after it is made, which breaks its scripts. */
    private static Path environment() throws IOException {
        Path python =
                Commands.onPath("python3")
                        .orElseThrow(() ->
                                new IOException(
                                        "these tests need moto: install Python 3 with venv (Debian: apt-get install python3-venv), or moto_server (pip install '%s'), or set yagura.test.moto.url"
                                                .formatted(REQUIREMENT)));
        try {
            return BinaryCache.folder("moto-5.2", into -> install(python, into));
        } catch (IOException e) {
            throw new IOException(
                    "cannot install moto; install it yourself (pip install '%s'), or set yagura.test.moto.url"
                            .formatted(REQUIREMENT),
                    e);
        }
    }

    private static void install(Path python, Path into) throws IOException {
        Commands.run(List.of(python.toString(), "-m", "venv", into.toString()));
        Commands.run(
                List.of(
                        into.resolve("bin/python").toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        REQUIREMENT));
    }

    private static boolean answers(HttpClient client, URI address)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/moto-api/data.json"))
                        .timeout(ANSWER_LIMIT)
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }
}
