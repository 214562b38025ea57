package dev.yagura.response.outbox;

import java.util.List;

/** Who wants to know what. */
public interface Subscriptions {

    /** Names of the endpoints that take events of a type. */
    List<String> endpointsOf(String eventType);
}
