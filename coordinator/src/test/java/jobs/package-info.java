/** Methods that the tests package into a job jar. */
@NullMarked
package jobs;

import org.jspecify.annotations.NullMarked;
