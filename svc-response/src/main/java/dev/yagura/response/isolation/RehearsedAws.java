package dev.yagura.response.isolation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/**
 * Answers calls of the Query protocol with the files of {@value #FOLDER}, one for each operation;
 * nothing leaves the process. Every state of its one instance is what it was before: nothing that
 * is called changes it.
 */
final class RehearsedAws implements SdkHttpClient {
    private static final String FOLDER = "/isolation-rehearsal/";
    private static final String DRY_RUN = "DryRun";

    /** EC2's status of "DryRunOperation". */
    private static final int WOULD_HAVE_SUCCEEDED = 412;

    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return answer(parameters(request));
            }

            @Override
            public void abort() {
                // It has its answer already.
            }
        };
    }

    @Override
    public String clientName() {
        return "rehearsal";
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    private HttpExecuteResponse answer(Map<String, String> parameters) {
        boolean dryRun = Boolean.parseBoolean(parameters.get(DRY_RUN));
        byte[] answer =
                answers.computeIfAbsent(
                        dryRun ? DRY_RUN : parameters.getOrDefault("Action", ""),
                        RehearsedAws::read);
        return HttpExecuteResponse.builder()
                .response(
                        SdkHttpFullResponse.builder()
                                .statusCode(dryRun ? WOULD_HAVE_SUCCEEDED : 200)
                                .putHeader("Content-Type", "text/xml")
                                .putHeader("Content-Length", String.valueOf(answer.length))
                                .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(answer)))
                .build();
    }

    private static Map<String, String> parameters(HttpExecuteRequest request) throws IOException {
        try (InputStream body = request.contentStreamProvider().orElseThrow().newStream()) {
            return Stream.of(new String(body.readAllBytes(), StandardCharsets.UTF_8).split("&"))
                    .map(each -> List.of(each.split("=", 2)))
                    .collect(Collectors.toMap(List::getFirst, List::getLast));
        }
    }

    private static byte[] read(String operation) {
        try (InputStream file =
                RehearsedAws.class.getResourceAsStream(FOLDER + operation + ".xml")) {
            if (file == null) {
                throw new IllegalStateException(
                        "an isolation calls "
                                + operation
                                + ", of which the rehearsal has no answer; add it to "
                                + FOLDER);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
