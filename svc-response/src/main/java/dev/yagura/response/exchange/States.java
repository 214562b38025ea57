package dev.yagura.response.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** States of a machine that several of its parts have. */
final class States {
    private States() {}

    /** The endpoint of a call: its text, or a reference that makes it. */
    record Endpoint(String field, String value) {}

    static Endpoint text(String url) {
        return new Endpoint("ApiEndpoint", url);
    }

    static Endpoint reference(String expression) {
        return new Endpoint("ApiEndpoint.$", expression);
    }

    static ObjectNode call(ObjectNode task, String verb, Endpoint endpoint) {
        task.put("Type", "Task").put("Resource", "arn:aws:states:::http:invoke");
        ObjectNode parameters = task.putObject("Parameters");
        parameters.put(endpoint.field(), endpoint.value()).put("Method", verb);
        parameters.putObject("Authentication").put("ConnectionArn", "${YaguraConnection}");
        parameters.putObject("Headers").put("Content-Type", "application/json");
        ObjectNode retry = task.putArray("Retry").addObject();
        retry.putArray("ErrorEquals")
                .add("States.Http.StatusCode.429")
                .add("States.Http.StatusCode.503")
                .add("States.Http.StatusCode.504")
                .add("States.Http.Socket");
        retry.put("IntervalSeconds", 2)
                .put("BackoffRate", 2)
                .put("MaxAttempts", 6)
                .put("JitterStrategy", "FULL");
        return task;
    }

    static ObjectNode choice(ObjectNode states, String name, String otherwise) {
        ObjectNode choice = states.putObject(name);
        choice.put("Type", "Choice").putArray("Choices");
        return choice.put("Default", otherwise);
    }

    static void fail(ObjectNode states, String name, String cause) {
        states.putObject(name).put("Type", "Fail").put("Error", "Yagura").put("Cause", cause);
    }
}
