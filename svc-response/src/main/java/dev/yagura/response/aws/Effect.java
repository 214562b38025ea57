package dev.yagura.response.aws;

/** What one action does, whose runner may have died before at any point. */
public interface Effect {
    void apply();

    void undo();

    /** For people: what is left of an action that failed. */
    String remains();
}
