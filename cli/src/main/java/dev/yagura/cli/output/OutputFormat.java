package dev.yagura.cli.output;

/** Names are what a person types. */
public enum OutputFormat {
    table,
    json
}
