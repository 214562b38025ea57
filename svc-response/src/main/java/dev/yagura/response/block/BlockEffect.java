package dev.yagura.response.block;

/** What one action blocks, whose runner may have died before at any point. */
interface BlockEffect {
    void apply();

    void undo();

    /** For people: what is left of an action that failed. */
    String remains();
}
