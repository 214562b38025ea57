/**
 * Auto Scaling groups and target groups with their members: only what tells that an instance must
 * not simply be isolated. Groups come from the seed, members from the control API.
 */
@NullMarked
package dev.yagura.sandbox.scaling;

import org.jspecify.annotations.NullMarked;
