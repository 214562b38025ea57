/** One class a figure: it takes a running platform and gives a record of what it saw. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.measure;
