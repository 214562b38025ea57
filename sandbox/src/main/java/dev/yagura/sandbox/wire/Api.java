package dev.yagura.sandbox.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One AWS service: how it is recognized and signed for, how it writes, and what it offers.
 *
 * @param name service of the credential scope and prefix of IAM actions, for example {@code ec2}
 * @param version API version that a Query request must name; empty for JSON services
 * @param namespace of XML; for JSON services the prefix of X-Amz-Target
 * @param global whether requests are signed for us-east-1 wherever they come from
 */
public record Api(
        String name,
        Protocol protocol,
        String version,
        String namespace,
        boolean global,
        Map<String, Operation> operations) {

    public static Api of(
            String name,
            Protocol protocol,
            String version,
            String namespace,
            boolean global,
            List<Operation> operations) {
        return new Api(
                name,
                protocol,
                version,
                namespace,
                global,
                operations.stream()
                        .collect(Collectors.toMap(Operation::name, Function.identity())));
    }

    public Optional<Operation> operation(String operation) {
        return Optional.ofNullable(operations.get(operation));
    }

    /** IAM's name of an operation of this service. */
    public String action(String operation) {
        return name + ":" + operation;
    }

    public String success(String operation, Body body, String requestId) {
        return protocol.success(this, operation, body, requestId);
    }

    public String failure(ApiFault fault, String requestId) {
        return protocol.failure(this, fault, requestId);
    }

    /**
     * Checks what was given against what the operation knows and needs.
     *
     * @throws ApiFault UnknownParameter or MissingParameter (ValidationException in JSON)
     */
    public void check(Operation operation, Parameters parameters) {
        operation
                .unknown(parameters)
                .ifPresent(name -> {
                    throw malformed(
                            "UnknownParameter", "The parameter " + name + " is not recognized");
                });
        operation
                .missing(parameters)
                .ifPresent(name -> {
                    throw malformed(
                            "MissingParameter", "The request must contain the parameter " + name);
                });
    }

    /** Does it, once it was checked and authorized. */
    public Body run(Operation operation, Call call) {
        return operation.run(call);
    }

    private ApiFault malformed(String code, String text) {
        return switch (protocol) {
            case EC2 -> new ApiFault(code, 400, text);
            case QUERY -> new ApiFault("ValidationError", 400, text);
            case JSON -> new ApiFault("ValidationException", 400, text);
            case REST_JSON -> new ApiFault("InvalidParameterValueException", 400, text);
            case REST_XML, REST_XML_WRAPPED -> new ApiFault("NotImplemented", 501, text);
        };
    }
}
