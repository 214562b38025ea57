package dev.yagura.response.host;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Command documents that ship with Yagura, as deploy/documents has them. */
enum HostDocument {
    KILL_PROCESS(
            "Yagura-KillProcess",
            "Kills one process by pid and start time, or it and all its descendants.",
            List.of("prelude", "process", "kill", "kill_process"),
            List.of(
                    new Parameter("Pid", "Process id.", "^[1-9][0-9]{0,9}$"),
                    new Parameter(
                            "StartTime",
                            "When it started: nanoseconds since 1970, two seconds off at most.",
                            "^[1-9][0-9]{0,18}$"),
                    new Parameter(
                            "Scope",
                            "process, or tree with its descendants.",
                            "^(process|tree)$"))),

    QUARANTINE_FILE(
            "Yagura-QuarantineFile",
            "Moves a file to where nobody can read or run it.",
            List.of("prelude", "file", "quarantine", "quarantine_file"),
            List.of(
                    Parameter.ACTION,
                    new Parameter(
                            "Path", "Absolute path, base64.", "^[A-Za-z0-9+/]{2,8192}={0,2}$"),
                    new Parameter("Sha256", "Of its content, lower-case hex.", "^[0-9a-f]{64}$"))),

    RESTORE_FILE(
            "Yagura-RestoreFile",
            "Moves a file of the quarantine back, as it was.",
            List.of("prelude", "file", "quarantine", "restore_file"),
            List.of(Parameter.ACTION)),

    ISOLATE_HOST(
            "Yagura-IsolateHost",
            "Cuts the host off the network, but for the ways to Systems Manager and the gateway.",
            List.of("prelude", "isolation", "isolate_host"),
            List.of(
                    Parameter.CUT,
                    new Parameter(
                            "Through",
                            "Way of this command, which must answer: gateway, or ssm for Systems"
                                    + " Manager.",
                            "^(gateway|ssm)$"),
                    new Parameter(
                            "Ways",
                            "What stays: service@address/prefix@port of TCP, with commas.",
                            "^[a-z0-9]{2,20}@[0-9a-f.:]{2,45}/[0-9]{1,3}@[0-9]{1,5}"
                                    + "(,[a-z0-9]{2,20}@[0-9a-f.:]{2,45}/[0-9]{1,3}@[0-9]{1,5}){0,99}$"),
                    new Parameter(
                            "Resolvers",
                            "Amazon's name servers beside the link-local ones.",
                            Parameter.ADDRESSES),
                    new Parameter(
                            "Routers",
                            "Of the host's subnets: they answer DHCP.",
                            Parameter.ADDRESSES))),

    RELEASE_HOST(
            "Yagura-ReleaseHost",
            "Takes the cut of a host back.",
            List.of("prelude", "isolation", "release_host"),
            List.of(Parameter.CUT)),

    ERADICATE(
            "Yagura-Eradicate",
            "Removes findings - processes, files, persistence - and looks for each again.",
            List.of("prelude", "process", "kill", "file", "quarantine", "persistence", "eradicate"),
            List.of(
                    Parameter.ACTION,
                    new Parameter(
                            "Findings",
                            "A line for each: kind and words; base64.",
                            "^[A-Za-z0-9+/]{2,32768}={0,2}$"))),

    RESTORE_ERADICATED(
            "Yagura-RestoreEradicated",
            "Puts back what was removed, but for processes.",
            List.of("prelude", "file", "quarantine", "persistence", "restore_eradicated"),
            List.of(Parameter.ACTION)),

    COLLECT_TRIAGE(
            "Yagura-CollectTriage",
            "Collects what a responder asks for first into one archive, and uploads it to S3.",
            List.of("prelude", "process", "upload", "send", "collect_triage"),
            List.of(
                    new Parameter(
                            "MostKib",
                            "What may be collected, before compression.",
                            "^[1-9][0-9]{3,6}$"),
                    new Parameter(
                            "Upload",
                            "Presigned URL, then a line for each header, base64. A secret for as"
                                    + " long as the URL lives.",
                            "^[A-Za-z0-9+/]{2,16384}={0,2}$"))),

    CAPTURE_MEMORY(
            "Yagura-CaptureMemory",
            "Reads the memory of the host in parts, and uploads each to S3; no disk gets it.",
            List.of("prelude", "send", "capture_memory"),
            List.of(
                    // One run for some minutes, and another one for the parts that are left.
                    new Parameter(
                            "RunId",
                            "The host answers a second run of the same id with the first's report.",
                            "^[0-9a-f-]{36}[.](apply|apply[0-9]{1,5})$"),
                    new Parameter("First", "Number of the first part.", "^[1-9][0-9]{0,8}$"),
                    new Parameter("PartKib", "Memory in a part.", "^[1-9][0-9]{1,6}$"),
                    new Parameter(
                            "MostMib", "A host with more memory refuses.", "^[1-9][0-9]{0,8}$"),
                    new Parameter("RateKib", "Memory a second, on average.", "^[1-9][0-9]{2,8}$"),
                    new Parameter(
                            "Boot",
                            "Boot id that the first part was captured in; - for the first.",
                            "^(-|[0-9a-f-]{36})$"),
                    new Parameter(
                            "Map",
                            "SHA-256 of the list of ranges that was used for the first part; - for"
                                    + " the first.",
                            "^(-|[0-9a-f]{64})$"),
                    new Parameter(
                            "Upload",
                            "Headers, an empty line, presigned URLs: of the list, then of each part;"
                                    + " gzip, base64. A secret for as long as the URLs live.",
                            "^[A-Za-z0-9+/]{2,24576}={0,2}$")),
            Duration.ofMinutes(15)),

    INSTALL_AGENT(
            "Yagura-InstallAgent",
            "Installs Yagura's agent from a package in S3, enrols it and starts it.",
            List.of("prelude", "agent", "install_agent"),
            List.of(
                    Parameter.INSTALLATION,
                    new Parameter(
                            "Sha256",
                            "Of the package, lower-case hex; another one is refused.",
                            "^[0-9a-f]{64}$"),
                    new Parameter(
                            "Gateway",
                            "Where the agent enrols: host:port.",
                            "^[A-Za-z0-9.-]{1,253}:[0-9]{1,5}$"),
                    new Parameter(
                            "Fetch",
                            "Presigned URLs of the package and of an enrolment token, a line each,"
                                    + " base64. A secret for as long as the URLs live.",
                            "^[A-Za-z0-9+/]{2,16384}={0,2}$"))),

    REMOVE_AGENT(
            "Yagura-RemoveAgent",
            "Brings back what was there before an installation of the agent.",
            List.of("prelude", "agent", "remove_agent"),
            List.of(Parameter.INSTALLATION));

    private static final List<Parameter> COMMON =
            List.of(
                    new Parameter(
                            "RunId",
                            "The host answers a second run of the same id with the first's report.",
                            "^[0-9a-f-]{36}[.](apply|undo[0-9]{1,4})$"),
                    new Parameter("InstanceId", "Another host refuses.", "^i-[0-9a-f]{8,17}$"),
                    new Parameter(
                            "ExpireTime",
                            "The host refuses after it: seconds since 1970.",
                            "^[0-9]{10,11}$"));

    private final String title;
    private final String description;
    private final List<String> scripts;
    private final List<Parameter> parameters;
    private final Duration timeout;

    /** A parameter; its pattern admits nothing that a shell takes for more than a word. */
    private record Parameter(String name, String description, String pattern) {
        /** Here, because an enum's constants come before its own fields. */
        static final Duration USUAL_TIMEOUT = Duration.ofMinutes(5);

        static final Parameter ACTION =
                new Parameter("ActionId", "Names the file in the quarantine.", "^[0-9a-f-]{36}$");

        static final Parameter CUT =
                new Parameter("ActionId", "Names the cut for its release.", "^[0-9a-f-]{36}$");

        static final Parameter INSTALLATION =
                new Parameter(
                        "ActionId", "Names what was there before, for its return.", CUT.pattern());

        static final String ADDRESSES = "^[0-9a-f.:]{2,45}(,[0-9a-f.:]{2,45}){0,99}$";

        JsonObjectBuilder json() {
            return Json.createObjectBuilder()
                    .add("type", "String")
                    .add("description", description)
                    .add("allowedPattern", pattern);
        }
    }

    HostDocument(
            String title, String description, List<String> scripts, List<Parameter> parameters) {
        this(title, description, scripts, parameters, Parameter.USUAL_TIMEOUT);
    }

    HostDocument(
            String title,
            String description,
            List<String> scripts,
            List<Parameter> parameters,
            Duration timeout) {
        this.title = title;
        this.description = description;
        this.scripts = scripts;
        this.parameters = parameters;
        this.timeout = timeout;
    }

    /** Name in Systems Manager. */
    String title() {
        return title;
    }

    /** What the host may take at most; after it Systems Manager ends the script. */
    Duration timeout() {
        return timeout;
    }

    /** What is installed, for CreateDocument with the format JSON. */
    String content() {
        StringWriter text = new StringWriter();
        try (var writer =
                Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                        .createWriter(text)) {
            writer.writeObject(json());
        }
        return text.toString().strip() + "\n";
    }

    /** Of the file in deploy/documents, which agents carry: lower-case hex. */
    String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(content().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    JsonObject json() {
        JsonObjectBuilder declared = Json.createObjectBuilder();
        COMMON.forEach(each -> declared.add(each.name(), each.json()));
        parameters.forEach(each -> declared.add(each.name(), each.json()));
        JsonArrayBuilder lines = Json.createArrayBuilder();
        scripts.stream().map(HostDocument::script).flatMap(String::lines).forEach(lines::add);
        return Json.createObjectBuilder()
                .add("schemaVersion", "2.2")
                .add("description", description)
                .add("parameters", declared)
                .add(
                        "mainSteps",
                        Json.createArrayBuilder()
                                .add(
                                        Json.createObjectBuilder()
                                                .add("action", "aws:runShellScript")
                                                .add("name", "run")
                                                .add(
                                                        "precondition",
                                                        Json.createObjectBuilder()
                                                                .add(
                                                                        "StringEquals",
                                                                        Json.createArrayBuilder()
                                                                                .add("platformType")
                                                                                .add("Linux")))
                                                .add(
                                                        "inputs",
                                                        Json.createObjectBuilder()
                                                                .add(
                                                                        "timeoutSeconds",
                                                                        String.valueOf(
                                                                                timeout
                                                                                        .toSeconds()))
                                                                .add("runCommand", lines))))
                .build();
    }

    private static String script(String name) {
        String resource = "/yagura-documents/" + name + ".sh";
        try (InputStream script =
                Objects.requireNonNull(HostDocument.class.getResourceAsStream(resource))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
