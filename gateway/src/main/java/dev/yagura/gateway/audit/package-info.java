/**
 * Who called what, when, and how it ended; never what was in the call. Entries are written in
 * groups to a table that only grows. A change is let through only after its entry is stored.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.audit;
