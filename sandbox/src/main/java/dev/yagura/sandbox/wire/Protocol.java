package dev.yagura.sandbox.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** How a service writes its answers and errors. */
public enum Protocol {
    /** EC2's own form of the Query protocol. */
    EC2("text/xml;charset=UTF-8") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            return "%s<%sResponse xmlns=\"%s\"><requestId>%s</requestId>%s</%sResponse>"
                    .formatted(
                            DECLARATION,
                            operation,
                            api.namespace(),
                            requestId,
                            elements(body),
                            operation);
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            Xml error = Xml.ofItems().text("Code", fault.code()).text("Message", fault.text());
            return "%s<Response><Errors><Error>%s</Error></Errors><RequestID>%s</RequestID></Response>"
                    .formatted(DECLARATION, error, requestId);
        }
    },

    /** The Query protocol of STS, IAM, Auto Scaling and Elastic Load Balancing. */
    QUERY("text/xml") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            return ("<%1$sResponse xmlns=\"%2$s\"><%1$sResult>%3$s</%1$sResult><ResponseMetadata>"
                            + "<RequestId>%4$s</RequestId></ResponseMetadata></%1$sResponse>")
                    .formatted(operation, api.namespace(), elements(body), requestId);
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            Xml error =
                    Xml.ofMembers()
                            .text("Type", fault.status() < 500 ? "Sender" : "Receiver")
                            .text("Code", fault.code())
                            .text("Message", fault.text());
            return "<ErrorResponse xmlns=\"%s\"><Error>%s</Error><RequestId>%s</RequestId></ErrorResponse>"
                    .formatted(api.namespace(), error, requestId);
        }
    },

    /** JSON 1.1 of SSM and Route 53 Resolver. */
    JSON("application/x-amz-json-1.1") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            return switch (body) {
                case Body.Members members -> members.json().toString();
                case Body.Elements elements ->
                        throw new IllegalStateException("XML in a JSON service: " + elements.xml());
                case Body.Content content -> throw new IllegalStateException("no REST service");
            };
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("__type", fault.code())
                    .put("message", fault.text())
                    .toString();
        }
    },

    /** REST with JSON of Lambda and Security Hub. */
    REST_JSON("application/json") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            return JSON.success(api, operation, body, requestId);
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            return JSON.failure(api, fault, requestId);
        }
    },

    /** REST with XML of S3; what it answers is sent as it is. */
    REST_XML("application/xml") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            throw new IllegalStateException("a REST service answers content, not " + body);
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            Xml error =
                    Xml.ofMembers()
                            .text("Code", fault.code())
                            .text("Message", fault.text())
                            .text("RequestId", requestId);
            return DECLARATION + "<Error>" + error + "</Error>";
        }
    },

    /** The same of S3 Control, whose errors are wrapped as REST with XML has them elsewhere. */
    REST_XML_WRAPPED("application/xml") {
        @Override
        String success(Api api, String operation, Body body, String requestId) {
            return REST_XML.success(api, operation, body, requestId);
        }

        @Override
        String failure(Api api, ApiFault fault, String requestId) {
            return QUERY.failure(api, fault, requestId);
        }
    };

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private final String contentType;

    Protocol(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }

    abstract String success(Api api, String operation, Body body, String requestId);

    abstract String failure(Api api, ApiFault fault, String requestId);

    private static String elements(Body body) {
        return switch (body) {
            case Body.Elements elements -> elements.xml().toString();
            case Body.Members members ->
                    throw new IllegalStateException("JSON in a Query service: " + members.json());
            case Body.Content content -> throw new IllegalStateException("no REST service");
        };
    }
}
