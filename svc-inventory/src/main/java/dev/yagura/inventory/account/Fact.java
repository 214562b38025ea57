package dev.yagura.inventory.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is known of an account, or not.
 *
 * @param action of AWS that tells it
 * @param value null before it was told
 * @param observed of which time that is; null before it was told
 * @param failure why it was not told anew; empty when it was
 */
public record Fact<T>(
        String action, @Nullable T value, @Nullable Instant observed, String failure) {
    static <T> Fact<T> unknown(String action) {
        return new Fact<>(action, null, null, "");
    }
}
