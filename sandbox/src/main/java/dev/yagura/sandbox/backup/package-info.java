/** AWS Backup as far as recovery points of EBS volumes go, which are snapshots in a vault. */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.backup;
