package dev.yagura.response.identity;

/** What one action on IAM does, whose runner may have died before at any point. */
interface IdentityEffect {
    void apply();

    /** Of an action in force: reads it back, and does again what others changed. */
    void watch();

    void undo();

    /** For people: what is left of an action that failed. */
    String remains();
}
