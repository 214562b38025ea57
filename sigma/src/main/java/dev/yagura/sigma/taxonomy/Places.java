package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The places of the event schema that a mapping can name: "process.path", "file.hashes.sha256",
 * "unmapped.LogonType", … An empty text, a zero id or port in the typed core is a missing field.
 */
final class Places {
    static final String UNMAPPED = "unmapped.";

    /** A field of the raw record at hand, or of its event's SYSCALL record. */
    static final String RECORD = "record.";

    /** A whole object: its values below a dotted path. */
    private static final String OBJECT = "object.";

    /** In the records of an event these are the call's alone. */
    private static final Set<String> OF_THE_CALL_ALONE = Set.of("a0", "a1", "a2", "a3", "items");

    private static final String IMPHASH = "Imphash";

    private static final Map<String, FieldReader> TYPED = typed();

    private Places() {}

    /** The reader of a place; empty when there is no such place. */
    static Optional<FieldReader> reader(String place) {
        FieldReader typed = TYPED.get(place);
        if (typed != null) {
            return Optional.of(typed);
        }
        if (place.startsWith(UNMAPPED) && place.length() > UNMAPPED.length()) {
            return Optional.of(unmapped(place.substring(UNMAPPED.length())));
        }
        if (place.startsWith(RECORD) && place.length() > RECORD.length()) {
            return Optional.of(record(place.substring(RECORD.length())));
        }
        if (place.startsWith(OBJECT) && place.length() > OBJECT.length()) {
            return Optional.of(object(place.substring(OBJECT.length())));
        }
        return Optional.empty();
    }

    /** Names of the typed places. */
    static Set<String> names() {
        return new TreeSet<>(TYPED.keySet());
    }

    /** The first place that has a value. */
    static FieldReader first(FieldReader... places) {
        if (places.length == 1) {
            return places[0];
        }
        return (view, text) -> {
            for (FieldReader place : places) {
                place.read(view, text);
                if (text.isPresent()) {
                    return;
                }
            }
        };
    }

    static FieldReader unmapped(String name) {
        FieldName field = new FieldName(name);
        return (view, text) -> view.event().unmapped(field, text);
    }

    private static FieldReader record(String name) {
        if (name.equals("type")) {
            return (view, text) -> {
                if (view.isOfRecord()) {
                    view.event().type(view.record(), text);
                }
            };
        }
        FieldName field = new FieldName(name);
        boolean shared = !OF_THE_CALL_ALONE.contains(name);
        return (view, text) -> {
            if (view.isOfRecord() && !view.event().field(view.record(), field, text) && shared) {
                int call = view.event().call();
                if (call != SensorEvent.NO_RECORD) {
                    view.event().field(call, field, text);
                }
            }
        };
    }

    /** The value itself, or else all that is below it: {@code "path":"value"}, one a line. */
    private static FieldReader object(String name) {
        FieldName own = new FieldName(name);
        FieldName prefix = new FieldName(name + '.');
        return (view, text) -> {
            if (!view.event().unmapped(own, text)) {
                view.event().unmappedBelow(prefix, text);
            }
        };
    }

    /** Every text of an event or of one record of it, each on a line: what unbound keywords see. */
    static void everyText(EventView view, FieldText text) {
        Event core = view.core();
        TEXTS.forEach(getter -> text.putLine(getter.apply(core)));
        for (int record = 0; record < view.event().records(); record++) {
            view.event().lines(record, text);
        }
        view.event().unmappedLines(text);
    }

    /** Every text of one raw record. */
    static void everyTextOfRecord(EventView view, FieldText text) {
        if (view.isOfRecord()) {
            view.event().type(view.record(), text);
            view.event().lines(view.record(), text);
        }
    }

    private static final java.util.List<Function<Event, String>> TEXTS =
            java.util.List.of(
                    event -> event.getProcess().getPath(),
                    event -> event.getProcess().getCmdLine(),
                    event -> event.getProcess().getUser().getName(),
                    event -> event.getActor().getPath(),
                    event -> event.getActor().getCmdLine(),
                    event -> event.getActor().getUser().getName(),
                    event -> event.getFile().getPath(),
                    event -> event.getFile().getPreviousPath(),
                    event -> event.getDnsQuery().getHostname(),
                    event -> event.getSrcEndpoint().getIp(),
                    event -> event.getSrcEndpoint().getHostname(),
                    event -> event.getDstEndpoint().getIp(),
                    event -> event.getDstEndpoint().getHostname(),
                    event -> event.getUser().getName(),
                    event -> event.getApi().getService(),
                    event -> event.getApi().getOperation(),
                    event -> event.getApi().getErrorCode(),
                    event -> event.getApi().getPrincipalArn());

    private static Map<String, FieldReader> typed() {
        Map<String, FieldReader> places = new HashMap<>();
        process(places, "process.", Event::getProcess);
        process(places, "actor.", Event::getActor);
        user(places, "user.", Event::getUser);
        endpoint(places, "src_endpoint.", Event::getSrcEndpoint);
        endpoint(places, "dst_endpoint.", Event::getDstEndpoint);
        hashes(places, "file.hashes", event -> event.getFile().getHashes());
        places.put("file.path", text(event -> event.getFile().getPath()));
        places.put("file.previous_path", text(event -> event.getFile().getPreviousPath()));
        places.put("connection.protocol", text(event -> event.getConnection().getProtocol()));
        places.put("connection.initiated", initiated());
        places.put("dns_query.hostname", text(event -> event.getDnsQuery().getHostname()));
        places.put("dns_query.type", text(event -> event.getDnsQuery().getType()));
        places.put("dns_query.answers", answers());
        places.put("api.operation", text(event -> event.getApi().getOperation()));
        places.put("api.service", text(event -> event.getApi().getService()));
        places.put("api.principal_arn", text(event -> event.getApi().getPrincipalArn()));
        places.put("api.error_code", text(event -> event.getApi().getErrorCode()));
        places.put("finding.title", text(event -> event.getFinding().getTitle()));
        places.put("finding.product", text(event -> event.getFinding().getProduct()));
        places.put("source_record_id", text(Event::getSourceRecordId));
        return Map.copyOf(places);
    }

    private static void process(
            Map<String, FieldReader> places, String at, Function<Event, Process> process) {
        places.put(at + "uid", text(event -> process.apply(event).getUid()));
        places.put(at + "guid", guid(process));
        places.put(at + "pid", number(event -> process.apply(event).getPid()));
        places.put(at + "path", text(event -> process.apply(event).getPath()));
        places.put(at + "name", text(event -> process.apply(event).getName()));
        places.put(at + "cmd_line", text(event -> process.apply(event).getCmdLine()));
        places.put(
                at + "working_directory",
                text(event -> process.apply(event).getWorkingDirectory()));
        places.put(at + "parent_uid", text(event -> process.apply(event).getParentUid()));
        places.put(at + "parent_pid", number(event -> process.apply(event).getParentPid()));
        places.put(at + "parent_path", text(event -> process.apply(event).getParentPath()));
        places.put(at + "parent_cmd_line", text(event -> process.apply(event).getParentCmdLine()));
        user(places, at + "user.", event -> process.apply(event).getUser());
        places.put(
                at + "user_or_id",
                text(event -> {
                    User own = process.apply(event).getUser();
                    return nameOrId(process.apply(event).hasUser() ? own : event.getUser());
                }));
        hashes(places, at + "hashes", event -> process.apply(event).getHashes());
    }

    private static void user(
            Map<String, FieldReader> places, String at, Function<Event, User> user) {
        places.put(at + "name", text(event -> user.apply(event).getName()));
        places.put(at + "uid", text(event -> user.apply(event).getUid()));
        places.put(at + "login_uid", text(event -> user.apply(event).getLoginUid()));
    }

    private static void endpoint(
            Map<String, FieldReader> places, String at, Function<Event, NetworkEndpoint> endpoint) {
        places.put(at + "ip", text(event -> endpoint.apply(event).getIp()));
        places.put(at + "port", number(event -> endpoint.apply(event).getPort()));
        places.put(at + "hostname", text(event -> endpoint.apply(event).getHostname()));
    }

    /** All of them as Sysmon writes them, and each alone. */
    private static void hashes(
            Map<String, FieldReader> places, String at, Function<Event, Hashes> hashes) {
        places.put(at + ".sha256", text(event -> hashes.apply(event).getSha256()));
        places.put(at + ".sha1", text(event -> hashes.apply(event).getSha1()));
        places.put(at + ".md5", text(event -> hashes.apply(event).getMd5()));
        places.put(
                at,
                (view, text) -> {
                    Hashes all = hashes.apply(view.core());
                    addHash(text, "SHA1=", all.getSha1());
                    addHash(text, "MD5=", all.getMd5());
                    addHash(text, "SHA256=", all.getSha256());
                    addHash(
                            text,
                            "IMPHASH=",
                            Objects.requireNonNullElse(view.event().unmapped(IMPHASH), ""));
                });
    }

    private static void addHash(FieldText text, String name, String value) {
        if (!value.isEmpty()) {
            text.add(text.isPresent() ? "," : "");
            text.add(name);
            text.add(value);
        }
    }

    private static FieldReader text(Function<Event, String> getter) {
        return (view, text) -> text.putUnlessEmpty(getter.apply(view.core()));
    }

    private static FieldReader number(ToLongFunction<Event> getter) {
        return (view, text) -> {
            long value = getter.applyAsLong(view.core());
            if (value != 0) {
                text.put(value);
            }
        };
    }

    /** Sysmon's own form of a process uid. */
    private static FieldReader guid(Function<Event, Process> process) {
        return (view, text) -> {
            String uid = process.apply(view.core()).getUid();
            int colon = uid.indexOf(':');
            if (colon >= 0) {
                text.add("{");
                text.add(uid.substring(colon + 1));
                text.add("}");
            }
        };
    }

    private static FieldReader initiated() {
        return (view, text) -> {
            if (view.core().hasConnection()) {
                text.put(view.core().getConnection().getInitiated() ? "true" : "false");
            }
        };
    }

    private static FieldReader answers() {
        return (view, text) -> {
            for (int i = 0; i < view.core().getDnsQuery().getAnswersCount(); i++) {
                text.add(view.core().getDnsQuery().getAnswers(i));
                text.add(";");
            }
        };
    }

    /** The name, or the id where the sensor knows none; id 0 has but one name. */
    private static String nameOrId(User user) {
        if (!user.getName().isEmpty()) {
            return user.getName();
        }
        return user.getUid().equals("0") ? "root" : user.getUid();
    }
}
