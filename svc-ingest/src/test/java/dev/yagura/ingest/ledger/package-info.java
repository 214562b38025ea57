@org.jspecify.annotations.NullMarked
package dev.yagura.ingest.ledger;
