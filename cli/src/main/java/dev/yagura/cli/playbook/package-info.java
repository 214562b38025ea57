/** `yagura playbooks`. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.playbook;
