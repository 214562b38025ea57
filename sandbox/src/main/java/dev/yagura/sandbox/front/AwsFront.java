package dev.yagura.sandbox.front;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.identity.Authenticator;
import dev.yagura.sandbox.identity.Identity;
import dev.yagura.sandbox.identity.Policy;
import dev.yagura.sandbox.identity.SignedRequest;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Protocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers AWS requests, in AWS's order: is the caller who it says, is the operation known, are the
 * parameters sound, may the caller do it, was it only a dry run, and only then what it does.
 */
public final class AwsFront {
    private static final int NOT_FOUND = 404;

    /** How soon a call that waits is looked at again where nothing has come: time passes too. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Reply LOST = new Reply(503, Map.of(), new byte[0], true);
    private static final String GET_CALLER_IDENTITY = "sts:GetCallerIdentity";

    private final Sandbox sandbox;

    public AwsFront(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    public Reply answer(SignedRequest request) {
        Destination destination = sandbox.destination(request);
        Exchange exchange = Exchange.of(request, destination);
        Optional<Fault> fault =
                sandbox.faults()
                        .take(destination.place(), exchange.action(), exchange.parameters());
        if (fault.isPresent() && fault.get() instanceof Fault.Delay delay) {
            pause(delay);
        }
        Sandbox there = sandbox.at(destination.place());
        while (true) {
            long arrivals = sandbox.arrivals();
            Optional<Reply> reply = there.within(cloud -> answer(cloud, exchange, fault));
            if (reply.isPresent()) {
                return reply.get();
            }
            if (!sandbox.awaitArrival(arrivals, LOOK)) {
                return LOST;
            }
        }
    }

    /** Empty while the call waits. */
    private Optional<Reply> answer(Cloud cloud, Exchange exchange, Optional<Fault> fault) {
        Exposure before = Exposure.of(cloud.world());
        String caller = "unknown";
        try {
            exchange.destination().pass(exchange.api());
            Operation operation = known(exchange);
            Identity identity =
                    new Authenticator(cloud.directory(), exchange.destination().place().region())
                            .authenticate(exchange.request(), exchange.api());
            caller = identity.principal().arn();
            fault.flatMap(planned -> refusal(planned, exchange.api()))
                    .ifPresent(refusal -> {
                        throw refusal;
                    });
            exchange.api().check(operation, exchange.parameters());
            authorize(cloud, identity, operation, exchange);
            refuseDryRun(exchange);
            Optional<Reply> stale =
                    fault.filter(Fault.Stale.class::isInstance)
                            .flatMap(planned -> sandbox.earlier().to(exchange.question()));
            if (stale.isPresent()) {
                record(cloud, exchange, caller, null, false, before);
                return stale;
            }
            Call call =
                    new Call(
                            identity.principal(), exchange.parameters(), exchange.request().body());
            if (exchange.age().compareTo(operation.patience(call)) < 0) {
                return Optional.empty();
            }
            Body body = exchange.api().run(operation, call);
            boolean lost = fault.filter(Fault.LostReply.class::isInstance).isPresent();
            record(cloud, exchange, caller, null, lost, before);
            sandbox.earlier().keep(exchange.question(), reply(exchange, body, false));
            return Optional.of(reply(exchange, body, lost));
        } catch (ApiFault e) {
            record(cloud, exchange, caller, e, false, before);
            Reply reply =
                    Reply.text(
                            e.status(),
                            exchange.api().protocol().contentType(),
                            exchange.requestId(),
                            exchange.api().failure(e, exchange.requestId()),
                            false);
            if (e.status() == NOT_FOUND) {
                sandbox.earlier().keep(exchange.question(), reply);
            }
            return Optional.of(reply);
        }
    }

    private static Operation known(Exchange exchange) {
        return exchange.api().operation(exchange.operation()).orElseThrow(() -> unknown(exchange));
    }

    private static ApiFault unknown(Exchange exchange) {
        if (exchange.api().protocol() == Protocol.REST_XML
                || exchange.api().protocol() == Protocol.REST_XML_WRAPPED) {
            return new ApiFault(
                    "NotImplemented",
                    501,
                    "The sandbox has objects only, no %s of %s"
                            .formatted(exchange.request().method(), exchange.request().path()));
        }
        boolean json =
                exchange.api().protocol() == Protocol.JSON
                        || exchange.api().protocol() == Protocol.REST_JSON;
        return ApiFault.of(
                json ? "UnknownOperationException" : "InvalidAction",
                "The action %s is not valid for this web service, or the sandbox does not have it.",
                exchange.operation());
    }

    /** Every resource that the call concerns must be allowed. */
    private static void authorize(
            Cloud cloud, Identity identity, Operation operation, Exchange exchange) {
        String action = exchange.action();
        if (action.equals(GET_CALLER_IDENTITY)) {
            return; // AWS allows it to everybody.
        }
        for (String resource : operation.resources(exchange.parameters())) {
            Policy.Decision decision = cloud.directory().decide(identity, action, resource);
            if (decision != Policy.Decision.ALLOWED) {
                throw refused(identity, exchange, resource, decision);
            }
        }
    }

    private static ApiFault refused(
            Identity identity, Exchange exchange, String resource, Policy.Decision decision) {
        String action = exchange.action();
        String why =
                decision == Policy.Decision.EXPLICIT_DENY
                        ? "with an explicit deny in an identity-based policy"
                        : "because no identity-based policy allows the %s action".formatted(action);
        boolean every = resource.equals(Policy.Statement.EVERY_RESOURCE);
        String text =
                "User: %s is not authorized to perform: %s%s %s"
                        .formatted(
                                identity.principal().arn(),
                                action,
                                every ? "" : " on resource: " + resource,
                                why);
        return switch (exchange.api().protocol()) {
            case EC2 ->
                    new ApiFault(
                            "UnauthorizedOperation",
                            403,
                            "You are not authorized to perform this operation. " + text);
            // SNS has a word of its own.
            case QUERY ->
                    new ApiFault(
                            exchange.api().name().equals("sns")
                                    ? "AuthorizationError"
                                    : "AccessDenied",
                            403,
                            text);
            case REST_XML, REST_XML_WRAPPED -> new ApiFault("AccessDenied", 403, text);
            case JSON -> new ApiFault("AccessDeniedException", 400, text);
            case REST_JSON -> new ApiFault("AccessDeniedException", 403, text);
        };
    }

    private static void refuseDryRun(Exchange exchange) {
        if (isDryRun(exchange)) {
            throw new ApiFault(
                    "DryRunOperation",
                    412,
                    "Request would have succeeded, but DryRun flag is set.");
        }
    }

    private static boolean isDryRun(Exchange exchange) {
        return exchange.api().protocol() == Protocol.EC2
                && exchange.parameters().flag("DryRun").orElse(false);
    }

    private static Optional<ApiFault> refusal(Fault fault, Api api) {
        return switch (fault) {
            case Fault.Throttle throttle -> Optional.of(throttled(api));
            case Fault.Failure failure ->
                    Optional.of(new ApiFault(failure.code(), failure.status(), failure.message()));
            case Fault.LostReply lost -> Optional.empty();
            case Fault.Delay delay -> Optional.empty();
            case Fault.Stale stale -> Optional.empty();
        };
    }

    private static ApiFault throttled(Api api) {
        return switch (api.protocol()) {
            case EC2 -> new ApiFault("RequestLimitExceeded", 503, "Request limit exceeded.");
            case QUERY -> new ApiFault("Throttling", 400, "Rate exceeded");
            case JSON -> new ApiFault("ThrottlingException", 400, "Rate exceeded");
            case REST_JSON -> new ApiFault("TooManyRequestsException", 429, "Rate exceeded");
            case REST_XML, REST_XML_WRAPPED ->
                    new ApiFault("SlowDown", 503, "Please reduce your request rate.");
        };
    }

    private void record(
            Cloud cloud,
            Exchange exchange,
            String caller,
            @Nullable ApiFault fault,
            boolean lost,
            Exposure before) {
        Exposure after = Exposure.of(cloud.world());
        Exposure baseline = sandbox.journal().baseline();
        boolean dryRun = exchange.parameters().text("DryRun").filter("true"::equals).isPresent();
        sandbox.journal()
                .add(sequence ->
                        new JournalEntry(
                                sequence,
                                cloud.clock().instant(),
                                exchange.destination().place(),
                                exchange.action(),
                                exchange.parameters().asMap(),
                                caller,
                                dryRun,
                                fault == null ? "ok" : fault.code(),
                                fault == null ? 200 : fault.status(),
                                fault == null ? "" : fault.text(),
                                exchange.requestId(),
                                fault == null,
                                !lost,
                                exchange.started(),
                                (System.nanoTime() - exchange.startedNanos()) / 1000,
                                after.beyond(before),
                                after.beyond(baseline)));
    }

    private static Reply reply(Exchange exchange, Body body, boolean lost) {
        return switch (body) {
            case Body.Content content -> {
                Map<String, String> headers = new HashMap<>(content.headers());
                headers.put("x-amz-request-id", exchange.requestId());
                yield new Reply(content.status(), headers, content.bytes(), lost);
            }
            case Body.Elements elements -> text(exchange, elements, lost);
            case Body.Members members -> text(exchange, members, lost);
        };
    }

    private static Reply text(Exchange exchange, Body body, boolean lost) {
        return Reply.text(
                200,
                exchange.api().protocol().contentType(),
                exchange.requestId(),
                exchange.api().success(exchange.operation(), body, exchange.requestId()),
                lost);
    }

    private static void pause(Fault.Delay delay) {
        try {
            Thread.sleep(delay.by());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
