/**
 * Auto Scaling groups and target groups with their members: standby, protection and suspended
 * processes, registration and draining. Groups come from the seed, members from the control API; a
 * group launches replacements for standby, and nothing else by itself.
 */
@NullMarked
package dev.yagura.sandbox.scaling;

import org.jspecify.annotations.NullMarked;
