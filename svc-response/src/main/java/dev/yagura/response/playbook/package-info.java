/**
 * Playbooks. {@link dev.yagura.response.playbook.PlaybookSource} reads and checks what people
 * write; {@link dev.yagura.response.playbook.PlaybookCatalog} keeps versions and starts runs;
 * {@link dev.yagura.response.playbook.PlaybookLoop} lets each run go on by {@link
 * dev.yagura.response.playbook.RunAdvance}, which has no memory but what is stored, so a run
 * survives a crash at any point. Steps are actions like any other.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.playbook;
