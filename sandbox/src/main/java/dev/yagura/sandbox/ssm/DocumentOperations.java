package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.document.Document;
import dev.yagura.sandbox.document.DocumentVersion;
import dev.yagura.sandbox.document.Documents;
import dev.yagura.sandbox.document.Platform;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;

/** Operations on documents. */
final class DocumentOperations {
    private static final String TYPE = "Command";
    private static final String FORMAT = "JSON";
    private static final String STANDARD_VERSION = "$DEFAULT";
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxResults",
                    "NextToken",
                    1,
                    50,
                    50,
                    "InvalidNextToken",
                    "ValidationException");

    private final Documents documents;
    private final Clock clock;

    DocumentOperations(Documents documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("CreateDocument", this::create)
                        .on(this::document)
                        .needs("Name", "Content")
                        .knows("DocumentType", "DocumentFormat"),
                Operation.named("UpdateDocument", this::update)
                        .on(this::document)
                        .needs("Name", "Content")
                        .knows("DocumentVersion", "DocumentFormat"),
                Operation.named("UpdateDocumentDefaultVersion", this::setDefault)
                        .on(this::document)
                        .needs("Name", "DocumentVersion"),
                Operation.named("DeleteDocument", this::delete).on(this::document).needs("Name"),
                Operation.named("DescribeDocument", this::describe)
                        .on(this::document)
                        .needs("Name")
                        .knows("DocumentVersion"),
                Operation.named("GetDocument", this::get)
                        .on(this::document)
                        .needs("Name")
                        .knows("DocumentVersion", "DocumentFormat"),
                Operation.named("ListDocuments", this::list)
                        .knows("Filters.N.Key", "Filters.N.Values.N", "MaxResults", "NextToken"));
    }

    private List<String> document(Parameters parameters) {
        return List.of(documents.arn(parameters.text("Name").orElse("")));
    }

    private Body create(Call call) {
        Parameters parameters = call.parameters();
        checkForm(parameters);
        Document document =
                documents.create(
                        parameters.required("Name"),
                        parameters.required("Content"),
                        clock.instant());
        return described("DocumentDescription", document, document.latest());
    }

    private Body update(Call call) {
        Parameters parameters = call.parameters();
        checkForm(parameters);
        String name = parameters.required("Name");
        // What AWS does without one is not documented; the sandbox takes it for a mistake.
        DocumentVersion version =
                documents.update(
                        name,
                        parameters.text("DocumentVersion").orElse(""),
                        parameters.required("Content"),
                        clock.instant());
        return described("DocumentDescription", documents.get(name), version);
    }

    private Body setDefault(Call call) {
        Parameters parameters = call.parameters();
        Document document =
                documents.setDefault(
                        parameters.required("Name"), parameters.required("DocumentVersion"));
        ObjectNode answer = Json.object();
        answer.putObject("Description")
                .put("Name", document.name())
                .put("DefaultVersion", number(document.defaultVersion()));
        return new Body.Members(answer);
    }

    private Body delete(Call call) {
        documents.delete(call.parameters().required("Name"));
        return new Body.Members(Json.object());
    }

    private Body describe(Call call) {
        Document document = documents.get(call.parameters().required("Name"));
        return described("Document", document, version(document, call.parameters()));
    }

    private Body get(Call call) {
        Parameters parameters = call.parameters();
        checkForm(parameters);
        Document document = documents.get(parameters.required("Name"));
        DocumentVersion version = version(document, parameters);
        return new Body.Members(
                Json.object()
                        .put("Name", document.name())
                        .put("CreatedDate", Json.time(version.createdAt()))
                        .put("DocumentVersion", number(version))
                        .put("Status", "Active")
                        .put("Content", version.text())
                        .put("DocumentType", TYPE)
                        .put("DocumentFormat", FORMAT));
    }

    private Body list(Call call) {
        Parameters parameters = call.parameters();
        Predicate<Document> wanted = document -> true;
        for (Parameters filter : parameters.structures("Filters")) {
            wanted = wanted.and(filter(filter.required("Key"), filter.list("Values")));
        }
        List<Document> found = documents.all().stream().filter(wanted).toList();
        Page<Document> page = Page.of(found, Document::name, parameters, PAGES);
        ObjectNode answer = Json.object();
        ArrayNode identifiers = answer.putArray("DocumentIdentifiers");
        page.items().forEach(document -> identify(identifiers.addObject(), document));
        page.nextToken().ifPresent(token -> answer.put("NextToken", token));
        return new Body.Members(answer);
    }

    /** A name matches by its beginning; an owner is a kind of owner. */
    private static Predicate<Document> filter(String key, List<String> values) {
        return switch (key) {
            case "Name" -> document -> values.stream().anyMatch(document.name()::startsWith);
            case "Owner" -> owner(values);
            default -> throw ApiFault.of("InvalidFilterKey", "The filter key %s is not valid", key);
        };
    }

    private static Predicate<Document> owner(List<String> values) {
        String value = values.size() == 1 ? values.getFirst() : String.join(", ", values);
        return switch (value) {
            case "Amazon" -> document -> document.owner().equals(Document.AMAZON);
            case "Self", "Private" -> document -> !document.owner().equals(Document.AMAZON);
            case "All" -> document -> true;
            default ->
                    throw Json.invalid(
                            "The owner must be one of Amazon, Self, Private or All, not '%s'",
                            value);
        };
    }

    /** What AWS has besides, the sandbox has not. */
    private static void checkForm(Parameters parameters) {
        String type = parameters.text("DocumentType").orElse(TYPE);
        String format = parameters.text("DocumentFormat").orElse(FORMAT);
        if (!type.equals(TYPE) || !format.equals(FORMAT)) {
            throw ApiFault.of(
                    "InvalidDocumentContent",
                    "The sandbox knows documents of type Command and format JSON only, not %s and"
                            + " %s.",
                    type,
                    format);
        }
    }

    private static DocumentVersion version(Document document, Parameters parameters) {
        return document.version(parameters.text("DocumentVersion").orElse(STANDARD_VERSION));
    }

    private static Body described(String member, Document document, DocumentVersion version) {
        ObjectNode answer = Json.object();
        ObjectNode json = answer.putObject(member);
        json.put("Hash", version.hash())
                .put("HashType", "Sha256")
                .put("Name", document.name())
                .put("Owner", document.owner())
                .put("CreatedDate", Json.time(version.createdAt()))
                .put("Status", "Active")
                .put("DocumentVersion", number(version))
                .put("Description", version.content().description())
                .put("DocumentType", TYPE)
                .put("DocumentFormat", FORMAT)
                .put("SchemaVersion", version.content().schemaVersion())
                .put("LatestVersion", number(document.latest()))
                .put("DefaultVersion", number(document.defaultVersion()));
        platforms(json, version);
        parameters(json.putArray("Parameters"), version);
        return new Body.Members(answer);
    }

    private static void parameters(ArrayNode array, DocumentVersion version) {
        version.content()
                .parameters()
                .forEach(parameter -> {
                    ObjectNode json =
                            array.addObject()
                                    .put("Name", parameter.name())
                                    .put("Type", parameter.type())
                                    .put("Description", parameter.description());
                    parameter.standardText().ifPresent(text -> json.put("DefaultValue", text));
                });
    }

    private static void identify(ObjectNode json, Document document) {
        DocumentVersion version = document.defaultVersion();
        json.put("Name", document.name())
                .put("Owner", document.owner())
                .put("CreatedDate", Json.time(version.createdAt()))
                .put("DocumentVersion", number(version))
                .put("DocumentType", TYPE)
                .put("DocumentFormat", FORMAT)
                .put("SchemaVersion", version.content().schemaVersion());
        platforms(json, version);
    }

    private static void platforms(ObjectNode json, DocumentVersion version) {
        ArrayNode array = json.putArray("PlatformTypes");
        version.content().platforms().stream().map(Platform::text).forEach(array::add);
    }

    private static String number(DocumentVersion version) {
        return Integer.toString(version.number());
    }
}
