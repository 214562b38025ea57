package dev.yagura.sandbox.control;

/** What the control API answers: a status and something that Jackson can write. */
public record Answer(int status, Object body) {}
