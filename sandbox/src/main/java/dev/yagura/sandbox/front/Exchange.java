package dev.yagura.sandbox.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.backup.BackupApi;
import dev.yagura.sandbox.backup.BackupRequest;
import dev.yagura.sandbox.guardduty.DetectorRequest;
import dev.yagura.sandbox.guardduty.GuardDutyApi;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.kubernetes.EksApi;
import dev.yagura.sandbox.kubernetes.EksRequest;
import dev.yagura.sandbox.lambda.FunctionRequest;
import dev.yagura.sandbox.lambda.LambdaApi;
import dev.yagura.sandbox.securityhub.SecurityHubApi;
import dev.yagura.sandbox.securityhub.SecurityHubRequest;
import dev.yagura.sandbox.storage.AccountStorageApi;
import dev.yagura.sandbox.storage.ObjectRequest;
import dev.yagura.sandbox.storage.StorageApi;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request taken apart: the service, the operation's name, the other parameters.
 *
 * @param startedNanos of {@link System#nanoTime}
 */
record Exchange(
        SignedRequest request,
        Destination destination,
        Api api,
        String operation,
        Parameters parameters,
        String requestId,
        Instant started,
        long startedNanos) {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Stands in for the service when none can be recognized, so that the error has a form. */
    private static final Api NO_SERVICE =
            Api.of("", Protocol.QUERY, "", "http://webservices.amazon.com/", false, List.of());

    private Exchange(
            SignedRequest request,
            Destination destination,
            Api api,
            String operation,
            Parameters parameters) {
        this(
                request,
                destination,
                api,
                operation,
                parameters,
                UUID.randomUUID().toString(),
                Instant.now(),
                System.nanoTime());
    }

    /** By what tells AWS's services apart: path, target header or version. */
    static Exchange of(SignedRequest request, Destination destination) {
        List<Api> apis = destination.apis();
        if (FunctionRequest.isOne(request)) {
            String operation = FunctionRequest.operation(request);
            Map<String, String> values = new HashMap<>(FunctionRequest.parameters(request));
            if (!FunctionRequest.isContent(operation)) {
                values.putAll(json(request).asMap());
            }
            return new Exchange(
                    request,
                    destination,
                    named(apis, LambdaApi.NAME),
                    operation,
                    new Parameters(values));
        }
        if (EksRequest.isOne(request)) {
            return new Exchange(
                    request,
                    destination,
                    named(apis, EksApi.NAME),
                    EksRequest.operation(request),
                    new Parameters(EksRequest.parameters(request)));
        }
        if (DetectorRequest.isOne(request)) {
            Map<String, String> values = new HashMap<>(Decoder.form(request.query()));
            values.putAll(DetectorRequest.ofPath(request));
            return new Exchange(
                    request,
                    destination,
                    named(apis, GuardDutyApi.NAME),
                    DetectorRequest.operation(request),
                    new Parameters(values));
        }
        if (SecurityHubRequest.isOne(request)) {
            return new Exchange(
                    request,
                    destination,
                    named(apis, SecurityHubApi.NAME),
                    SecurityHubRequest.operation(request),
                    json(request));
        }
        if (BackupRequest.isOne(request)) {
            return new Exchange(
                    request,
                    destination,
                    named(apis, BackupApi.NAME),
                    BackupRequest.operation(request),
                    BackupRequest.parameters(request));
        }
        if (AccountStorageApi.isOne(request)) {
            return new Exchange(
                    request,
                    destination,
                    apis.stream()
                            .filter(api -> api.protocol() == Protocol.REST_XML_WRAPPED)
                            .findFirst()
                            .orElseThrow(),
                    AccountStorageApi.operation(request),
                    AccountStorageApi.parameters(request));
        }
        if (ObjectRequest.isOne(request)) {
            return new Exchange(
                    request,
                    destination,
                    named(apis, StorageApi.NAME),
                    ObjectRequest.operation(request),
                    ObjectRequest.parameters(request));
        }
        Optional<String> target = request.header("x-amz-target");
        if (target.isPresent()) {
            int dot = target.get().lastIndexOf('.');
            String operation = target.get().substring(dot + 1);
            String prefix = dot > 0 ? target.get().substring(0, dot) : "";
            Api api =
                    apis.stream()
                            .filter(candidate -> candidate.protocol() == Protocol.JSON)
                            .filter(candidate -> candidate.namespace().equals(prefix))
                            .findFirst()
                            .orElseGet(() -> nothingIn(Protocol.JSON));
            return new Exchange(request, destination, api, operation, json(request));
        }
        Map<String, String> fields = new HashMap<>(Decoder.form(request.query()));
        fields.putAll(Decoder.form(new String(request.body(), UTF_8)));
        String operation = fields.getOrDefault("Action", "");
        String version = fields.getOrDefault("Version", "");
        fields.remove("Action");
        fields.remove("Version");
        Api api =
                apis.stream()
                        .filter(candidate -> !version.isEmpty())
                        .filter(candidate -> candidate.version().equals(version))
                        .findFirst()
                        .orElse(NO_SERVICE);
        return new Exchange(request, destination, api, operation, new Parameters(fields));
    }

    /** A body that is no JSON has no parameters; the operation says what it misses. */
    private static Parameters json(SignedRequest request) {
        try {
            return Decoder.json(request.body());
        } catch (ApiFault e) {
            LOG.atDebug().addKeyValue("code", e.code()).log("request body ignored");
            return new Parameters(Map.of());
        }
    }

    private static Api named(List<Api> apis, String name) {
        return apis.stream().filter(api -> api.name().equals(name)).findFirst().orElse(NO_SERVICE);
    }

    private static Api nothingIn(Protocol protocol) {
        return Api.of("", protocol, "", "", false, List.of());
    }

    String action() {
        return api.action(operation);
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    EarlierAnswers.Question question() {
        return new EarlierAnswers.Question(destination.place(), action(), parameters.asMap());
    }
}
