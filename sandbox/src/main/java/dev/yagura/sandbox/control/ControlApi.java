package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Place;
import dev.yagura.sandbox.front.Sandbox;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the route of a request and answers it.
 *
 * <pre>
 *   GET    health                                  POST instances/I/start, stop, terminate
 *   POST   reset                                   POST instances/I/agent
 *   GET    clock        PUT clock                  PUT, DELETE instances/I/auto-scaling-group
 *   POST   clock/advance                           PUT, DELETE instances/I/target-groups/NAME
 *   GET    instances                               POST commands/outcomes
 *   GET    instances/I/flows    POST the same      GET, POST, DELETE faults
 *   GET    instances/I/effective-rules             GET, DELETE journal
 *   GET    flows/F   DELETE the same               POST journal/baseline
 *   POST   flows/F/packets                         POST probes
 *   POST   instances/I/credentials                 PUT, DELETE instances/I/shell
 *   PUT    snapshots/S                             POST functions/NAME/credentials
 *   GET, PUT, DELETE functions/NAME                POST roles/NAME/credentials
 *   PUT    security-hub                            DELETE clusters/NAME
 *   PUT    clusters/NAME/objects                   GET clusters/NAME/reach/NS/POD
 *   GET    clusters/NAME/objects/KIND/NS           GET clusters/NAME/endpoints/NS/SERVICE
 *   GET, DELETE clusters/NAME/objects/KIND/NS/OBJECT
 *   DELETE roles/NAME                              PUT recorder
 *   POST   recorder/planted                        DELETE recorder/planted/TYPE/ID
 *   PUT    buckets/NAME/access
 *   PUT    recorder/queues/NAME                    PUT queues/NAME
 *   GET, POST, DELETE queues/NAME/messages
 *   GET    accounts     POST, PUT accounts/A
 *   PUT    instances/I                             PUT, DELETE interfaces/E/attachment
 *   PUT    roles/NAME                              PUT, DELETE buckets/NAME
 *   PUT    account/root, account/settings          PUT, DELETE users/NAME
 *   PUT    aggregators/NAME                        PUT aggregators/sources/A/REGION
 *   PUT, DELETE repositories/NAME/images/DIGEST    PUT, DELETE auto-scaling-groups/NAME
 *   PUT    guardduty
 * </pre>
 *
 * I is an instance id or its Name tag, F a flow id, S a snapshot id. Errors are {@code {"error":
 * "…"}} with status 400 or 404.
 *
 * <p>Everything is of the first account and region, or of those in the query: {@code
 * ?account=…&region=…}. Faults and the journal are then those of their calls only; the clock,
 * accounts and reset are of all.
 */
public final class ControlApi {
    private final Sandbox sandbox;
    private final List<Route> routes;

    public ControlApi(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.routes = routes(sandbox);
    }

    private static List<Route> routes(Sandbox sandbox) {
        return Stream.of(
                        new SandboxRoutes(sandbox).all(),
                        new FlowRoutes(sandbox).all(),
                        new InstanceRoutes(sandbox).all(),
                        new ResourceRoutes(sandbox).all(),
                        new GroupRoutes(sandbox).all(),
                        new SnapshotRoutes(sandbox).all(),
                        new FunctionRoutes(sandbox).all(),
                        new SecurityHubRoutes(sandbox).all(),
                        new GuardDutyRoutes(sandbox).all(),
                        new ClusterRoutes(sandbox).all(),
                        new RecorderRoutes(sandbox).all(),
                        new AggregatorRoutes(sandbox).all(),
                        new QueueRoutes(sandbox).all(),
                        new FaultRoutes(sandbox).all(),
                        new AccountRoutes(sandbox).all(),
                        new IdentityRoutes(sandbox).all())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * @param path without {@code /_sandbox/}
     */
    public Answer answer(String method, String path, Map<String, String> query, byte[] body) {
        List<String> segments = Arrays.asList(path.split("/", -1));
        boolean otherMethod = false;
        for (Route route : routesAt(query)) {
            Optional<List<String>> varying = route.match(segments);
            if (varying.isPresent() && route.method().equals(method)) {
                return run(route, new ControlRequest(varying.get(), query, body));
            }
            otherMethod |= varying.isPresent();
        }
        return otherMethod
                ? failure(405, method + " is not for /_sandbox/" + path)
                : failure(404, "no such path: /_sandbox/" + path);
    }

    private List<Route> routesAt(Map<String, String> query) {
        String account = query.get("account");
        return account == null
                ? routes
                : routes(sandbox.at(new Place(account, query.getOrDefault("region", ""))));
    }

    private static Answer run(Route route, ControlRequest request) {
        try {
            return new Answer(200, route.action().run(request));
        } catch (UnknownNameException e) {
            return failure(404, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return failure(400, String.valueOf(e.getMessage()));
        }
    }

    private static Answer failure(int status, String text) {
        return new Answer(status, Map.of("error", text));
    }
}
