package dev.yagura.response.outbox;

/** How far a delivery is. */
public enum DeliveryState {
    PENDING,
    DELIVERED,
    /** Given up; it can be replayed. */
    DEAD
}
