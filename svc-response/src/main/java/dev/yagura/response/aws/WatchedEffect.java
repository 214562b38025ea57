package dev.yagura.response.aws;

/** What one action does and keeps up. */
public interface WatchedEffect extends Effect {

    /** Of an action in force: reads it back, and does again what others changed. */
    void watch();
}
