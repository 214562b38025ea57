/**
 * One running account: the world, its connections, nodes, groups and identities, moved along one
 * clock. {@link dev.yagura.sandbox.cloud.Cloud#settle} brings everything up to the present and is
 * called before anything is read or changed.
 */
@NullMarked
package dev.yagura.sandbox.cloud;

import org.jspecify.annotations.NullMarked;
