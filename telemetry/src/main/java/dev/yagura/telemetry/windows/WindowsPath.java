package dev.yagura.telemetry.windows;

import dev.yagura.telemetry.json.JsonPath;
import java.util.Map;
import java.util.Set;

/**
 * What a path in a Windows record is, whichever form the record has.
 *
 * @param name of the field, where the kind has one
 */
record WindowsPath(Kind kind, String name) {

    enum Kind {
        CHANNEL,
        EVENT_ID,
        PROVIDER,
        /** A provider in one exporter, a field of WMI's events in another. */
        PROVIDER_OR_DATA,
        COMPUTER,
        RECORD_ID,
        TIME,
        /** Of the shipper, or without an offset. */
        SECOND_TIME,
        MESSAGE,
        /** A field of the System part that is kept by its name. */
        SYSTEM,
        DATA,
        /** Name of the value that follows: {@code {"@Name": "x", "#text": "y"}}. */
        DATA_NAME,
        DATA_TEXT,
        /** EventData as JSON in a text. */
        EMBEDDED,
        IGNORED
    }

    private static final WindowsPath IGNORE = new WindowsPath(Kind.IGNORED, "");

    /** Names of the System part, in rendered and flat form. */
    private static final Map<String, Kind> SYSTEM =
            Map.ofEntries(
                    Map.entry("Channel", Kind.CHANNEL),
                    Map.entry("channel", Kind.CHANNEL),
                    Map.entry("LogName", Kind.CHANNEL),
                    Map.entry("EventID", Kind.EVENT_ID),
                    Map.entry("EventId", Kind.EVENT_ID),
                    Map.entry("event_id", Kind.EVENT_ID),
                    Map.entry("SourceName", Kind.PROVIDER),
                    Map.entry("ProviderName", Kind.PROVIDER),
                    Map.entry("Provider_Name", Kind.PROVIDER),
                    Map.entry("provider_name", Kind.PROVIDER),
                    Map.entry("Source", Kind.PROVIDER_OR_DATA),
                    Map.entry("Provider", Kind.PROVIDER_OR_DATA),
                    Map.entry("Computer", Kind.COMPUTER),
                    Map.entry("ComputerName", Kind.COMPUTER),
                    Map.entry("computer_name", Kind.COMPUTER),
                    Map.entry("MachineName", Kind.COMPUTER),
                    Map.entry("Hostname", Kind.COMPUTER),
                    Map.entry("EventRecordID", Kind.RECORD_ID),
                    Map.entry("EventRecordId", Kind.RECORD_ID),
                    Map.entry("RecordNumber", Kind.RECORD_ID),
                    Map.entry("RecordId", Kind.RECORD_ID),
                    Map.entry("record_id", Kind.RECORD_ID),
                    Map.entry("TimeCreated", Kind.TIME),
                    Map.entry("SystemTime", Kind.TIME),
                    Map.entry("@timestamp", Kind.SECOND_TIME),
                    Map.entry("EventTime", Kind.SECOND_TIME),
                    Map.entry("TimeGenerated", Kind.SECOND_TIME),
                    Map.entry("Message", Kind.MESSAGE),
                    Map.entry("message", Kind.MESSAGE));

    /** Kept by their names, in either form. */
    private static final Set<String> KEPT =
            Set.of("Level", "Task", "Opcode", "Keywords", "Version");

    /** What shippers add in the flat form, and what says nothing beside the kept names. */
    private static final Set<String> SHIPPING =
            Set.of(
                    "@version",
                    "tags",
                    "port",
                    "SourceModuleName",
                    "SourceModuleType",
                    "EventReceivedTime",
                    "SourceSystem",
                    "TenantId",
                    "MG",
                    "ManagementGroupName",
                    "_ResourceId",
                    "TimeCollected",
                    "EventOriginId",
                    "AzureDeploymentID",
                    "Role",
                    "EventLevel",
                    "EventLevelName",
                    "Severity",
                    "SeverityValue",
                    "OpcodeValue",
                    "ProviderGuid",
                    "ThreadID",
                    "ExecutionProcessID",
                    "ActivityID",
                    "RelatedActivityID",
                    "EventTypeOrignal");

    static WindowsPath of(JsonPath path) {
        if (path.meaning() instanceof WindowsPath known) {
            return known;
        }
        String text = path.text();
        WindowsPath worked = of(text.startsWith("Event.") ? text.substring(6) : text);
        path.mean(worked);
        return worked;
    }

    private static WindowsPath of(String path) {
        int dot = path.indexOf('.');
        String head = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        return switch (head) {
            case "System" -> rest.isEmpty() ? IGNORE : system(rest);
            case "EventData" ->
                    rest.isEmpty() ? new WindowsPath(Kind.EMBEDDED, head) : eventData(rest);
            case "UserData" ->
                    rest.isEmpty() ? new WindowsPath(Kind.EMBEDDED, head) : userData(rest);
            case "RenderingInfo" -> rest.equals("Message") ? message() : IGNORE;
            case "winlog" -> winlog(rest);
            default -> flat(path);
        };
    }

    /** "Provider.#attributes.Name", "EventID.#text", "TimeCreated_attributes.SystemTime" */
    private static WindowsPath system(String path) {
        int dot = path.indexOf('.');
        String element = dot < 0 ? path : path.substring(0, dot);
        String last = path.substring(path.lastIndexOf('.') + 1);
        last = last.startsWith("@") ? last.substring(1) : last;
        if (element.endsWith("_attributes")) {
            element = element.substring(0, element.length() - "_attributes".length());
        }
        boolean own = dot < 0 || last.equals("#text") || last.equals("Value");
        return switch (element) {
            case "Provider", "Provider_Name" ->
                    own || last.equals("Name") ? new WindowsPath(Kind.PROVIDER, "") : IGNORE;
            case "TimeCreated" ->
                    own || last.equals("SystemTime") ? new WindowsPath(Kind.TIME, "") : IGNORE;
            case "Security" ->
                    last.equals("UserID")
                            ? new WindowsPath(Kind.SYSTEM, "Security_UserID")
                            : IGNORE;
            default -> own ? systemField(element) : IGNORE;
        };
    }

    private static WindowsPath systemField(String name) {
        Kind kind = SYSTEM.get(name);
        if (kind != null && kind != Kind.MESSAGE) {
            return new WindowsPath(kind, name);
        }
        return KEPT.contains(name) ? new WindowsPath(Kind.SYSTEM, name) : IGNORE;
    }

    /** "Image", "Data", "Data.#text", "Data.@Name", "Data.#attributes.Name", "Image.#text" */
    private static WindowsPath eventData(String path) {
        if (path.startsWith("Data.")) {
            return switch (path.substring(path.lastIndexOf('.') + 1)) {
                case "#text", "Value", "$" -> new WindowsPath(Kind.DATA_TEXT, "Data");
                case "@Name", "Name", "_Name" -> new WindowsPath(Kind.DATA_NAME, "");
                default -> IGNORE;
            };
        }
        return element(path);
    }

    /** The element below UserData only says which template the values are of. */
    private static WindowsPath userData(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? element(path) : element(path.substring(dot + 1));
    }

    private static WindowsPath element(String path) {
        if (path.contains("#attributes")
                || path.contains("_attributes")
                || path.startsWith("@")
                || path.contains(".@")
                || path.equals("xmlns")) {
            return IGNORE;
        }
        String name = path.endsWith(".#text") ? path.substring(0, path.length() - 6) : path;
        return name.equals("#text")
                ? new WindowsPath(Kind.DATA_TEXT, "Data")
                : new WindowsPath(
                        Kind.DATA, withoutBlanks(name.substring(name.lastIndexOf('.') + 1)));
    }

    private static WindowsPath winlog(String path) {
        if (path.startsWith("event_data.")) {
            return element(path.substring("event_data.".length()));
        }
        if (path.startsWith("user_data.")) {
            return element(path.substring("user_data.".length()));
        }
        Kind kind = SYSTEM.get(path);
        return kind == null ? IGNORE : new WindowsPath(kind, "");
    }

    private static WindowsPath flat(String path) {
        Kind kind = SYSTEM.get(path);
        if (kind != null) {
            return new WindowsPath(kind, path);
        }
        if (SHIPPING.contains(path) || path.startsWith("#attributes") || path.startsWith("@")) {
            return IGNORE;
        }
        return new WindowsPath(KEPT.contains(path) ? Kind.SYSTEM : Kind.DATA, withoutBlanks(path));
    }

    /** "Threat Name" of Defender is ThreatName to rules. */
    private static String withoutBlanks(String name) {
        return name.replace(" ", "");
    }

    private static WindowsPath message() {
        return new WindowsPath(Kind.MESSAGE, "");
    }
}
