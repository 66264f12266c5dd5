// SPDX-License-Identifier: Apache-2.0
package jobs;

/** Cannot be loaded without its parent. */
public final class Derived extends Sample {}
