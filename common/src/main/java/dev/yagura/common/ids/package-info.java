/**
 * Ids and names. Created things get a UUIDv7 ({@link dev.yagura.common.ids.Ids#v7}), so that newer
 * ids sort after older ones; derived things get a UUIDv5 over unambiguous parts ({@link
 * dev.yagura.common.ids.Ids#v5}), so that every replay derives the same id. A resource name on the
 * wire is "{collection}/{id}" ({@link dev.yagura.common.ids.ResourceName}).
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.ids;
